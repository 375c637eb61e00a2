import { Errno } from "../../files/filesystem.ts";
import { readTextFile } from "../kernel/io.ts";
import { isAddress, queryServer, resolveName } from "./resolver.ts";
import type { UserProgram } from "./user-program.ts";

export const nslookup: UserProgram = {
  names: ["nslookup"],
  usage: "[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]",
  summary: "Query DNS about HOST",
  *main(io) {
    const [name, given] = io.args.filter((arg) => !arg.startsWith("-"));
    if (name === undefined) return yield* io.usage();
    let server = given === undefined ? undefined : (yield* resolveName(given))[0];
    let domains: string[] = [];
    try {
      const text = yield* readTextFile("/etc/resolv.conf");
      server ??= /^nameserver\s+(\S+)/m.exec(text)?.[1];
      domains = /^search\s+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    server ??= "127.0.0.1";
    yield* io.print(
      io.busybox
        ? `Server:\t\t${server}\nAddress:\t${server}:53\n\n`
        : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`,
    );
    const reverse = isAddress(name);
    const question = reverse ? `${name.split(".").reverse().join(".")}.in-addr.arpa` : name;
    let asked = question;
    let answer = yield* queryServer(server, question, reverse ? "PTR" : "A");
    for (const domain of answer && answer.records.length === 0 && !reverse && !name.includes(".")
      ? domains
      : []) {
      const further = yield* queryServer(server, `${name}.${domain}`);
      if (further && further.records.length > 0) [answer, asked] = [further, `${name}.${domain}`];
    }
    if (answer === undefined) {
      yield* io.print(";; connection timed out; no servers could be reached\n\n");
      return 1;
    }
    if (answer.code !== 0 || answer.records.length === 0) {
      yield* io.print(
        `** server can't find ${asked}${io.busybox ? "" : ""}: ${answer.code === 3 ? "NXDOMAIN" : answer.code === 0 ? "No answer" : "SERVFAIL"}\n\n`,
      );
      return 1;
    }
    yield* io.print("Non-authoritative answer:\n");
    for (const record of answer.records) {
      if (record.type === "PTR") yield* io.print(`${record.name}\tname = ${record.value}\n`);
      else yield* io.print(`Name:\t${record.name}\nAddress: ${record.value}\n`);
    }
    yield* io.print("\n");
    return 0;
  },
};
