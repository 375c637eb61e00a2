import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import { HttpFailure, connectTo } from "./http-client.ts";
import type { Invocation } from "./invocation.ts";
import { parseValues, showValue } from "./mongo/document.ts";
import type { MongoDocument } from "./mongo/document.ts";
import type { MongoReply, MongoRequest } from "./mongod.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** The mongo shell, with what first lessons use: show, use, insert, find, update, remove, count. */
export const mongo: UserProgram = {
  names: ["mongo", "mongosh"],
  flavours: ["gnu"],
  imageOnly: true,
  usage: "[options] [db address]",
  summary: "MongoDB shell",
  *main(io) {
    const options = yield* io.options({
      short: "u:p:",
      long: {
        host: "host:",
        port: "port:",
        eval: "eval:",
        quiet: "quiet",
        username: "u:",
        password: "p:",
        nodb: "nodb",
      },
    });
    const version = io.process.identity.version || "3.2.20";
    if (options.has("version")) {
      yield* io.print(`MongoDB shell version: ${version}\n`);
      return 0;
    }
    const match = /^(?:mongodb:\/\/)?(?:([^/:]+)(?::(\d+))?\/)?([^/]*)$/.exec(options.operands[0] ?? "test");
    const host = options.get("host") ?? match?.[1] ?? "127.0.0.1";
    const port = Number(options.get("port") ?? match?.[2] ?? 27017);
    const database = match?.[3] || "test";
    const quiet = options.has("quiet");
    if (!quiet)
      yield* io.print(
        `MongoDB shell version: ${version}\nconnecting to: ${match?.[1] || options.has("host") ? `${host}:${port}/` : ""}${database}\n`,
      );
    let fd: number;
    try {
      ({ fd } = yield* connectTo(host, port, 10_000));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      yield* io.print(`exception: connect failed\n`);
      return 1;
    }
    const shell = new MongoShell(io, fd, database);
    const text = options.get("eval");
    if (text !== undefined) {
      for (const statement of text.split(/;(?=(?:[^"']|"[^"]*"|'[^']*')*$)/))
        yield* shell.run(statement.trim());
      return io.status;
    }
    return yield* shell.interact();
  },
};

class MongoShell {
  readonly #io: Invocation;
  readonly #fd: number;
  #database: string;
  #answers = "";

  constructor(io: Invocation, fd: number, database: string) {
    this.#io = io;
    this.#fd = fd;
    this.#database = database;
  }

  *interact(): Steps<number> {
    const terminal = yield* isTerminal();
    let rest = "";
    let statement = "";
    for (;;) {
      if (terminal) yield* this.#io.print(statement === "" ? "> " : "... ");
      let end = rest.indexOf("\n");
      while (end < 0) {
        const block = yield* this.#io.read(0);
        if (!block) {
          if (statement + rest !== "") yield* this.run((statement + rest).trim());
          yield* this.#io.print("bye\n");
          return 0;
        }
        rest += decodeText(block);
        end = rest.indexOf("\n");
      }
      statement += rest.slice(0, end) + "\n";
      rest = rest.slice(end + 1);
      // A statement goes on while a bracket is open.
      const depth = [...statement.replace(/"[^"]*"|'[^']*'/g, "")].reduce(
        (sum, each) => sum + ("({[".includes(each) ? 1 : ")}]".includes(each) ? -1 : 0),
        0,
      );
      if (depth > 0) continue;
      const line = statement.trim();
      statement = "";
      if (/^(exit|quit(\(\))?);?$/.test(line)) {
        yield* this.#io.print("bye\n");
        return 0;
      }
      yield* this.run(line);
    }
  }

  *#ask(request: Omit<MongoRequest, "database">): Steps<MongoReply> {
    yield* sys.write(this.#fd, encodeText(JSON.stringify({ database: this.#database, ...request }) + "\n"));
    let end = this.#answers.indexOf("\n");
    while (end < 0) {
      const block = yield* sys.read(this.#fd, 65536);
      if (block.length === 0)
        yield* this.#io.fail(
          "Error: error doing query: failed: network error while attempting to run command",
        );
      this.#answers += decodeText(block);
      end = this.#answers.indexOf("\n");
    }
    const reply = JSON.parse(this.#answers.slice(0, end)) as MongoReply;
    this.#answers = this.#answers.slice(end + 1);
    return reply;
  }

  *run(source: string): Steps<void> {
    const line = source.replace(/;$/, "");
    if (line === "" || line.startsWith("//")) return;
    const say = (text: string) => this.#io.print(text + "\n");
    const wrapped = /^(?:printjson|print)\(([^]*)\)$/.exec(line)?.[1] ?? line;
    if (/^show (dbs|databases)$/.test(line)) {
      for (const { name } of (yield* this.#ask({ command: "databases" })).names!)
        yield* say(`${name}  0.000GB`);
    } else if (/^show (collections|tables)$/.test(line)) {
      for (const { name } of (yield* this.#ask({ command: "collections" })).names!) yield* say(name);
    } else if (/^use \S+$/.test(line)) {
      this.#database = line.slice(4).trim();
      yield* say(`switched to db ${this.#database}`);
    } else if (wrapped === "db" || wrapped === "db.getName()") yield* say(this.#database);
    else if (wrapped === "db.version()") yield* say((yield* this.#ask({ command: "version" })).version!);
    else if (wrapped === "db.dropDatabase()") {
      yield* this.#ask({ command: "dropDatabase" });
      yield* say(`{ "dropped" : "${this.#database}", "ok" : 1 }`);
    } else if (wrapped === "db.getCollectionNames()")
      yield* say(showValue((yield* this.#ask({ command: "collections" })).names!.map(({ name }) => name)));
    else yield* this.#method(wrapped);
    yield* this.#io.flush();
  }

  *#method(line: string): Steps<void> {
    const match =
      /^db(?:\.getCollection\(["']([^"']+)["']\)|\.([\w]+))\.(\w+)\(([^]*?)\)((?:\.(?:pretty|count|limit|sort|toArray|size)\([^)]*\))*)$/.exec(
        line,
      );
    if (!match) {
      const name = /^[\w$]+/.exec(line)?.[0];
      this.#io.status = 1;
      return yield* this.#io.print(
        `E QUERY    [thread1] ${name ? `ReferenceError: ${name} is not defined` : "SyntaxError: invalid syntax"} :\n@(shell):1:1\n`,
      );
    }
    const collection = match[1] ?? match[2]!;
    let values: MongoDocument[];
    try {
      values = parseValues(match[4]!) as MongoDocument[];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#io.status = 1;
      return yield* this.#io.print(`E QUERY    [thread1] SyntaxError: ${error.message} @(shell):1:1\n`);
    }
    yield* this.#call(collection, match[3]!, values, match[5] ?? "");
  }

  *#call(collection: string, method: string, values: MongoDocument[], chain: string): Steps<void> {
    const [first = {}, second = {}, third = {}] = values;
    const say = (text: string) => this.#io.print(text + "\n");
    switch (method) {
      case "insert":
      case "insertOne":
      case "insertMany":
      case "save": {
        const documents = Array.isArray(first) ? (first as unknown as MongoDocument[]) : [first];
        const reply = yield* this.#ask({ command: "insert", collection, documents });
        const ids = reply.documents!.map((each) => showValue(each["_id"]!));
        if (method === "insertOne")
          return yield* say(`{\n\t"acknowledged" : true,\n\t"insertedId" : ${ids[0]}\n}`);
        if (method === "insertMany")
          return yield* say(
            `{\n\t"acknowledged" : true,\n\t"insertedIds" : [\n${ids.map((id) => `\t\t${id}`).join(",\n")}\n\t]\n}`,
          );
        return yield* say(`WriteResult({ "nInserted" : ${reply.count} })`);
      }
      case "find":
      case "findOne":
      case "count": {
        let documents = (yield* this.#ask({ command: "find", collection, query: first })).documents!;
        if (method === "count" || /\.(count|size)\(/.test(chain)) return yield* say(String(documents.length));
        const limit = /\.limit\((\d+)\)/.exec(chain);
        if (limit) documents = documents.slice(0, Number(limit[1]));
        if (method === "findOne") return yield* say(documents[0] ? pretty(documents[0]) : "null");
        for (const document of documents)
          yield* say(chain.includes("pretty") ? pretty(document) : showValue(document));
        return;
      }
      case "remove":
      case "deleteOne":
      case "deleteMany": {
        const { count } = yield* this.#ask({
          command: "remove",
          collection,
          query: first,
          multiple: method !== "deleteOne",
        });
        return yield* say(
          method === "remove"
            ? `WriteResult({ "nRemoved" : ${count} })`
            : `{ "acknowledged" : true, "deletedCount" : ${count} }`,
        );
      }
      case "update":
      case "updateOne":
      case "updateMany": {
        const multiple = method === "updateMany" || third["multi"] === true;
        const { matched, count } = yield* this.#ask({
          command: "update",
          collection,
          query: first,
          change: second,
          multiple,
          upsert: third["upsert"] === true,
        });
        return yield* say(
          method === "update"
            ? `WriteResult({ "nMatched" : ${matched}, "nUpserted" : 0, "nModified" : ${count} })`
            : `{ "acknowledged" : true, "matchedCount" : ${matched}, "modifiedCount" : ${count} }`,
        );
      }
      case "drop":
        return yield* say(String((yield* this.#ask({ command: "drop", collection })).count === 1));
    }
    this.#io.status = 1;
    yield* say(
      `E QUERY    [thread1] TypeError: db.${collection}.${method} is not a function :\n@(shell):1:1`,
    );
  }
}

/** A document over several lines, as findOne and pretty() show it. */
function pretty(document: MongoDocument): string {
  const fields = Object.entries(document).map(
    ([key, value]) => `\t${JSON.stringify(key)} : ${showValue(value)}`,
  );
  return Object.keys(document).length <= 1 ? showValue(document) : `{\n${fields.join(",\n")}\n}`;
}

function* isTerminal(): Steps<boolean> {
  try {
    return yield* sys.isatty(0);
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
