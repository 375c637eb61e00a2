import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { splitLines } from "./lines.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const hostname: UserProgram = {
  names: ["hostname"],
  usage: "[-sidf] [HOSTNAME | -F FILE]",
  summary: "Show or set hostname or DNS domain name",
  *main(io) {
    const options = yield* io.options({
      short: "sidfIF:b",
      long: {
        short: "s",
        "ip-address": "i",
        "all-ip-addresses": "I",
        domain: "d",
        fqdn: "f",
        long: "f",
        file: "F:",
      },
    });
    const { nodename } = yield* sys.uname();
    const file = options.get("F");
    const wanted =
      file === undefined
        ? options.operands[0]
        : splitLines((yield* io.readText(file)) ?? "")
            .find((line) => line.trim() !== "" && !line.startsWith("#"))
            ?.trim();
    if (wanted !== undefined) {
      try {
        yield* sys.sethostname(wanted);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox
            ? `sethostname: ${strerror(error.code)}`
            : error.code === "EPERM"
              ? "you must be root to change the host name"
              : strerror(error.code),
        );
      }
      return io.status;
    }
    if (options.has("i")) {
      const address = yield* addressOf(nodename);
      if (address === undefined)
        return yield* io.fail(
          io.busybox ? `${nodename}: Name or service not known` : "Name or service not known",
        );
      yield* io.print(address + "\n");
    } else if (options.has("I")) {
      const addresses = (yield* sys.interfaces())
        .filter((each) => each.kind !== "loopback")
        .flatMap((each) => each.addresses);
      yield* io.print(addresses.map((address) => address.split("/")[0]! + " ").join("") + "\n");
    } else if (options.has("s")) yield* io.print(nodename.split(".")[0]! + "\n");
    else if (options.has("d")) yield* io.print(nodename.split(".").slice(1).join(".") + "\n");
    else yield* io.print(nodename + "\n");
    return 0;
  },
};

function* addressOf(name: string): Steps<string | undefined> {
  try {
    for (const line of (yield* readTextFile("/etc/hosts")).split("\n")) {
      const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
      if (names.includes(name)) return address;
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  return undefined;
}
