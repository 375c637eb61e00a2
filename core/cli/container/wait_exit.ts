import type { ApiResponse } from "../../api/exchange.ts";
import type { Client } from "../../client/client.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import { containerPath } from "./container_path.ts";

export interface WaitAnswer {
  StatusCode: number;
  Error?: { Message: string } | null;
}

/** Asks for the exit of a container; resolves when the engine has begun to wait, to what waits for the answer. */
export async function beginWait(
  client: Client,
  id: string,
  condition: "" | "next-exit" | "removed",
  cancellation?: Cancellation,
): Promise<() => Promise<WaitAnswer>> {
  const path = `${containerPath(id)}/wait`;
  await client.checkVersion();
  const response: ApiResponse = await client.request("POST", path, {
    ...(condition ? { query: { condition } } : {}),
    ...(cancellation ? { cancellation } : {}),
  });
  const answer = readAll(response.body);
  answer.catch(() => {});
  return async () => {
    const body = text(await answer);
    try {
      return JSON.parse(body) as WaitAnswer;
    } catch {
      throw new Error(body);
    }
  };
}
