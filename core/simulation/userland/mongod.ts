import { Errno } from "../../files/filesystem.ts";
import { hex } from "../../platform/random.ts";
import { POLL } from "../kernel/calls.ts";
import { readTextFile, writeFile } from "../kernel/io.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import { formatDate } from "./date-format.ts";
import type { Invocation } from "./invocation.ts";
import { fits, updated } from "./mongo/document.ts";
import type { MongoDocument } from "./mongo/document.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** What the mongo shell asks, a line of JSON each; the answer is a line too. */
export interface MongoRequest {
  database: string;
  command:
    | "databases"
    | "collections"
    | "insert"
    | "find"
    | "remove"
    | "update"
    | "drop"
    | "dropDatabase"
    | "version";
  collection?: string;
  documents?: MongoDocument[];
  query?: MongoDocument;
  change?: MongoDocument;
  multiple?: boolean;
  upsert?: boolean;
}

export interface MongoReply {
  documents?: MongoDocument[];
  names?: { name: string; size: number }[];
  count?: number;
  matched?: number;
  version?: string;
}

/** The server of MongoDB: what it holds lies in its dbpath, a file for each collection. */
export const mongod: UserProgram = {
  names: ["mongod"],
  flavours: ["gnu"],
  imageOnly: true,
  usage: "[options]",
  summary: "MongoDB server",
  *main(io) {
    const options = yield* io.options({
      short: "hvqf:",
      long: {
        port: "port:",
        dbpath: "dbpath:",
        bind_ip: "bind:",
        bind_ip_all: "all",
        logpath: "logpath:",
        fork: "fork",
        auth: "auth",
        smallfiles: "smallfiles",
        noprealloc: "np",
        replSet: "rs:",
        storageEngine: "engine:",
        quiet: "q",
        config: "f:",
        nojournal: "nj",
        journal: "j",
      },
    });
    const version = io.process.identity.version || "3.2.20";
    if (options.has("version")) {
      yield* io.print(`db version v${version}\n`);
      return 0;
    }
    const server = new MongoServer(
      io,
      version,
      options.get("dbpath") ?? "/data/db",
      Number(options.get("port") ?? 27017),
    );
    return yield* server.run();
  },
};

class MongoServer {
  readonly #io: Invocation;
  readonly #version: string;
  readonly #dbpath: string;
  readonly #port: number;
  #ending: string | undefined;
  #opened = 0;
  #connections = new Map<number, { number: number; text: string }>();
  /** Documents by "database.collection". */
  #collections = new Map<string, MongoDocument[]>();

  constructor(io: Invocation, version: string, dbpath: string, port: number) {
    this.#io = io;
    this.#version = version;
    this.#dbpath = dbpath;
    this.#port = port;
  }

  *#log(component: string, context: string, text: string): Steps<void> {
    const now = yield* sys.clock();
    yield* this.#io.print(
      `${formatDate("%Y-%m-%dT%H:%M:%S.%3N%z", now)} I ${component.padEnd(8)} [${context}] ${text}\n`,
    );
    yield* this.#io.flush();
  }

  *run(): Steps<number> {
    const { nodename } = yield* sys.uname();
    const init = "initandlisten";
    yield* this.#log(
      "CONTROL",
      init,
      `MongoDB starting : pid=${yield* sys.getpid()} port=${this.#port} dbpath=${this.#dbpath} 64-bit host=${nodename}`,
    );
    yield* this.#log("CONTROL", init, `db version v${this.#version}`);
    yield* this.#log("CONTROL", init, `options: {}`);
    try {
      if ((yield* sys.stat(this.#dbpath)).kind !== "directory") throw new Errno("ENOTDIR");
      yield* writeFile(`${this.#dbpath}/mongod.lock`, `${yield* sys.getpid()}\n`, 0o644);
      yield* this.#load();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === "ENOENT")
        yield* this.#log(
          "STORAGE",
          init,
          `exception in initAndListen: 29 Data directory ${this.#dbpath} not found., terminating`,
        );
      else
        yield* this.#log(
          "STORAGE",
          init,
          `exception in initAndListen: 98 Unable to create/open lock file: ${this.#dbpath}/mongod.lock ${strerror(error.code)}, terminating`,
        );
      yield* this.#log("CONTROL", init, "dbexit:  rc: 100");
      return 100;
    }
    const fd = yield* sys.socket("inet", "stream");
    yield* sys.setsockopt(fd, "SO_REUSEADDR", 1);
    try {
      yield* sys.bind(fd, { family: "inet", address: "0.0.0.0", port: this.#port });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* this.#log(
        "NETWORK",
        init,
        `listen(): bind() failed ${strerror(error.code)} for socket: 0.0.0.0:${this.#port}`,
      );
      return 48;
    }
    yield* sys.listen(fd, 128);
    yield* this.#log("NETWORK", init, `waiting for connections on port ${this.#port}`);
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      yield* sys.sigaction(signal, { handler: () => void (this.#ending = signal) });
    yield* sys.sigaction("SIGPIPE", "ignore");
    while (this.#ending === undefined) yield* this.#turn(fd);
    yield* this.#log(
      "CONTROL",
      "signalProcessingThread",
      `got signal ${this.#ending === "SIGTERM" ? "15 (Terminated)" : "2 (Interrupt)"}, will terminate after current cmd ends`,
    );
    yield* this.#log("NETWORK", "signalProcessingThread", "shutdown: going to close listening sockets...");
    yield* writeFile(`${this.#dbpath}/mongod.lock`, "", 0o644);
    yield* this.#log("CONTROL", "signalProcessingThread", "dbexit:  rc: 0");
    return 0;
  }

  *#turn(listener: number): Steps<void> {
    const fds = [listener, ...this.#connections.keys()];
    let ready: number[];
    try {
      ready = yield* sys.poll(fds.map((fd) => ({ fd, events: POLL.IN })));
    } catch (error) {
      if (error instanceof Errno && error.code === "EINTR") return;
      throw error;
    }
    if (ready[0]) {
      const { fd, peer } = yield* sys.accept(listener);
      this.#connections.set(fd, { number: ++this.#opened, text: "" });
      const from = "address" in peer ? `${peer.address}:${peer.port}` : "";
      yield* this.#log(
        "NETWORK",
        "initandlisten",
        `connection accepted from ${from} #${this.#opened} (${this.#connections.size} connection${this.#connections.size === 1 ? "" : "s"} now open)`,
      );
    }
    for (const [at, fd] of fds.entries()) if (at > 0 && ready[at]) yield* this.#serve(fd);
  }

  *#serve(fd: number): Steps<void> {
    const connection = this.#connections.get(fd)!;
    const block = yield* readQuietly(fd);
    if (block.length === 0) {
      this.#connections.delete(fd);
      yield* sys.close(fd);
      return yield* this.#log(
        "NETWORK",
        `conn${connection.number}`,
        `end connection (${this.#connections.size} connection${this.#connections.size === 1 ? "" : "s"} now open)`,
      );
    }
    connection.text += decodeText(block);
    for (let end = connection.text.indexOf("\n"); end >= 0; end = connection.text.indexOf("\n")) {
      const line = connection.text.slice(0, end);
      connection.text = connection.text.slice(end + 1);
      let request: MongoRequest;
      try {
        request = JSON.parse(line) as MongoRequest;
      } catch {
        // Whoever does not speak the protocol is let go, as mongod does.
        this.#connections.delete(fd);
        return yield* sys.close(fd);
      }
      yield* sys.write(fd, encodeText(JSON.stringify(yield* this.#answer(request)) + "\n"));
    }
  }

  *#answer(request: MongoRequest): Steps<MongoReply> {
    const { database } = request;
    const key = `${database}.${request.collection ?? ""}`;
    const documents = this.#collections.get(key) ?? [];
    switch (request.command) {
      case "version":
        return { version: this.#version };
      case "databases": {
        const names = [
          ...new Set(["local", ...[...this.#collections.keys()].map((each) => each.split(".")[0]!)]),
        ].sort();
        return { names: names.map((name) => ({ name, size: 0.000078125 })) };
      }
      case "collections":
        return {
          names: [...this.#collections.keys()]
            .filter((each) => each.startsWith(database + "."))
            .map((each) => ({ name: each.slice(database.length + 1), size: documents.length }))
            .sort((a, b) => (a.name < b.name ? -1 : 1)),
        };
      case "insert": {
        const added: MongoDocument[] = [];
        for (const document of request.documents ?? [])
          added.push({ _id: document["_id"] ?? { $oid: yield* this.#objectId() }, ...document });
        yield* this.#store(key, [...documents, ...added]);
        return { count: added.length, documents: added };
      }
      case "find":
        return { documents: documents.filter((each) => fits(each, request.query ?? {})) };
      case "remove": {
        const matching = documents.filter((each) => fits(each, request.query ?? {}));
        const gone = new Set(request.multiple === false ? matching.slice(0, 1) : matching);
        yield* this.#store(
          key,
          documents.filter((each) => !gone.has(each)),
        );
        return { count: gone.size };
      }
      case "update": {
        let matching = documents.filter((each) => fits(each, request.query ?? {}));
        if (!request.multiple) matching = matching.slice(0, 1);
        const chosen = new Set(matching);
        if (chosen.size === 0 && request.upsert) {
          const fresh: MongoDocument = {
            _id: { $oid: yield* this.#objectId() },
            ...updated(request.query ?? {}, request.change ?? {}),
          };
          yield* this.#store(key, [...documents, fresh]);
          return { matched: 0, count: 0 };
        }
        yield* this.#store(
          key,
          documents.map((each) => (chosen.has(each) ? updated(each, request.change ?? {}) : each)),
        );
        return { matched: chosen.size, count: chosen.size };
      }
      case "drop": {
        const there = this.#collections.delete(key);
        if (there) yield* sys.unlink(this.#file(key));
        return { count: there ? 1 : 0 };
      }
      case "dropDatabase":
        for (const each of [...this.#collections.keys()].filter((name) => name.startsWith(database + "."))) {
          this.#collections.delete(each);
          yield* sys.unlink(this.#file(each));
        }
        return { count: 1 };
    }
  }

  *#objectId(): Steps<string> {
    const seconds = Number((yield* sys.clock()) / 1_000_000_000n);
    return seconds.toString(16).padStart(8, "0") + hex(yield* sys.getrandom(8));
  }

  #file(key: string): string {
    return `${this.#dbpath}/collection-${key}.json`;
  }

  /** Written aside and renamed, so that a killed server leaves whole files. */
  *#store(key: string, documents: MongoDocument[]): Steps<void> {
    this.#collections.set(key, documents);
    const file = this.#file(key);
    yield* writeFile(file + ".new", JSON.stringify(documents), 0o600);
    yield* sys.rename(file + ".new", file);
  }

  *#load(): Steps<void> {
    for (const { name } of yield* sys.readdir(this.#dbpath)) {
      const match = /^collection-(.*)\.json$/.exec(name);
      if (match)
        this.#collections.set(
          match[1]!,
          JSON.parse(yield* readTextFile(`${this.#dbpath}/${name}`)) as MongoDocument[],
        );
    }
  }
}

function* readQuietly(fd: number): Steps<Uint8Array> {
  try {
    return yield* sys.read(fd, 65536);
  } catch (error) {
    if (error instanceof Errno) return new Uint8Array();
    throw error;
  }
}
