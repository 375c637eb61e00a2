import type { Container } from "../../containers/container.ts";
import type { ExecRequest } from "../../containers/exec.ts";
import { resolveUser, type ResolvedUser } from "../container/user.ts";
import type { Engine } from "../engine.ts";

/** Who an exec runs as. Docker looks users up in the container's own layers, whatever is mounted over /etc. */
export async function execUser(
  engine: Engine,
  { record }: Container,
  request: ExecRequest,
): Promise<ResolvedUser> {
  const root = await engine.snapshotter.open(record.id);
  try {
    const user = request.User || (record.config.User ?? "");
    return await resolveUser(root, user, record.hostConfig.GroupAdd ?? []);
  } finally {
    await root.close();
  }
}
