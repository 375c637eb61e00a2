import { parseInteger } from "../go/strconv.ts";

export interface RestartPolicy {
  Name: string;
  MaximumRetryCount: number;
}

/** Reads "always", "on-failure:3". The engine decides which names there are. */
export function restartPolicyOf(text: string): RestartPolicy {
  const colon = text.indexOf(":");
  const [name, count] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  if (colon === 0) throw new Error("invalid restart policy format: no policy provided before colon");
  if (count === "") return { Name: name, MaximumRetryCount: 0 };
  try {
    return { Name: name, MaximumRetryCount: parseInteger(count, 64, 10) };
  } catch {
    throw new Error("invalid restart policy format: maximum retry count must be an integer");
  }
}
