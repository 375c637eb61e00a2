import { fileURLToPath } from "node:url";
import { takeOptions } from "../options.ts";
import { servePage } from "./serve.ts";

/** `drydock page`: serves the page until it is interrupted. The port: --port, else PORT, else 8420. */
export async function page(args: string[]): Promise<number> {
  const { values } = takeOptions("page", args, { port: { type: "string" } });
  const port = Number(values.port ?? process.env["PORT"] ?? 8420);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`not a port: ${values.port ?? process.env["PORT"]}`);
  // Beside the bundle: dist/node/…, dist/web.
  const { address } = await servePage(fileURLToPath(new URL("../web", import.meta.url)), port).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new Error(`port ${port} is in use; choose another with PORT=8421 npm start`);
    },
  );
  console.log(`Drydock is at ${address}`);
  return new Promise((resolve) => process.once("SIGINT", () => resolve(0)).once("SIGTERM", () => resolve(0)));
}
