import { Errno } from "../../files/filesystem.ts";
import { readTextFile, writeFile } from "../kernel/io.ts";
import type { SignalName } from "../kernel/signals.ts";
import { signalNumber } from "../kernel/signals.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { formatDate } from "./date-format.ts";
import type { Invocation } from "./invocation.ts";
import { NginxConfigError, blocks, parseConfiguration, readConfiguration, setting } from "./nginx/config.ts";
import type { Directive } from "./nginx/config.ts";
import { listenPorts } from "./nginx/server.ts";
import { appendTo, runWorker } from "./nginx/worker.ts";
import type { Listener } from "./nginx/worker.ts";
import { readAccounts } from "./accounts.ts";
import type { Steps, UserProgram } from "./user-program.ts";

const masterTitle = "nginx: master process ";
const workerTitle = "nginx: worker process";
const programFile = "/proc/self/exe";

/** nginx: a master that holds the sockets and workers that answer. */
export const nginx: UserProgram = {
  names: ["nginx"],
  flavours: ["gnu"],
  imageOnly: true,
  usage: "[-?hvVtTq] [-s signal] [-p prefix] [-e filename] [-c filename] [-g directives]",
  summary: "HTTP server",
  *main(io) {
    const title = io.process.argv[0] ?? "nginx";
    if (title === workerTitle) return yield* worker(io);
    if (title.startsWith(masterTitle)) return yield* new Master(io, fromTitle(title)).run();
    const options = yield* io.options({ short: "?hvVtTqs:p:e:c:g:" });
    const version = io.process.identity.version || "1.29.1";
    if (options.has("v", "V")) {
      yield* io.printError(`nginx version: nginx/${version}\n`);
      return 0;
    }
    const start: StartOptions = {
      file: options.get("c") ?? "/etc/nginx/nginx.conf",
      globals: options.get("g") ?? "",
    };
    if (options.has("s")) return yield* signalMaster(io, options.get("s")!, start);
    let configuration: Directive[];
    try {
      configuration = yield* configure(start);
    } catch (error) {
      if (!(error instanceof NginxConfigError)) throw error;
      yield* io.printError(
        `${options.has("t", "T") ? "" : formatDate("%Y/%m/%d %H:%M:%S", yield* sys.clock()) + " "}${options.has("t", "T") ? "nginx: " : ""}[emerg] ${options.has("t", "T") ? "" : `${yield* sys.getpid()}#${yield* sys.getpid()}: `}${error.message}\n`,
      );
      if (!options.has("t", "T")) yield* io.printError(`nginx: [emerg] ${error.message}\n`);
      else yield* io.printError(`nginx: configuration file ${start.file} test failed\n`);
      return 1;
    }
    if (options.has("t", "T")) {
      yield* io.printError(
        `nginx: the configuration file ${start.file} syntax is ok\nnginx: configuration file ${start.file} test is successful\n`,
      );
      if (options.has("T"))
        yield* io.print(`# configuration file ${start.file}:\n${yield* readTextFile(start.file)}\n`);
      return 0;
    }
    yield* io.flush();
    const argv = [masterTitle + ["nginx", ...io.args].join(" ")];
    if (setting(configuration, "daemon")?.[0] === "off") return yield* sys.exec(programFile, argv);
    yield* sys.clone(function* () {
      yield* sys.setsid();
      return yield* sys.exec(programFile, argv);
    });
    return 0;
  },
};

interface StartOptions {
  file: string;
  /** -g: directives outside of the file. */
  globals: string;
}

/** The options as the master's title shows them, which is where real nginx keeps its arguments too. */
function fromTitle(title: string): StartOptions {
  const globals = / -g (.*?)(?= -[a-z] |$)/.exec(title)?.[1] ?? "";
  return { file: / -c (\S+)/.exec(title)?.[1] ?? "/etc/nginx/nginx.conf", globals };
}

function* configure(start: StartOptions): Steps<Directive[]> {
  return [...parseConfiguration(start.globals, "command line"), ...(yield* readConfiguration(start.file))];
}

function* signalMaster(io: Invocation, name: string, start: StartOptions): Steps<number> {
  const signal = (
    { stop: "SIGTERM", quit: "SIGQUIT", reload: "SIGHUP", reopen: "SIGUSR1" } as Record<string, SignalName>
  )[name];
  if (!signal) return yield* io.fail(`invalid option: "-s ${name}"`);
  const file = setting(yield* configure(start), "pid")?.[0] ?? "/run/nginx.pid";
  try {
    const pid = Number((yield* readTextFile(file)).trim());
    yield* sys.kill(pid, signal);
    if (name === "reload") {
      const self = yield* sys.getpid();
      yield* io.printError(
        `${formatDate("%Y/%m/%d %H:%M:%S", yield* sys.clock())} [notice] ${self}#${self}: signal process started\n`,
      );
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.printError(
      `nginx: [error] ${error.code === "ENOENT" ? `open() "${file}" failed (2: No such file or directory)` : `kill() failed (3: ${strerror(error.code)})`}\n`,
    );
    return 1;
  }
}

class Master {
  readonly #io: Invocation;
  readonly #start: StartOptions;
  readonly #version: string;
  #configuration: Directive[] = [];
  #listeners: Listener[] = [];
  #workers = new Set<number>();
  #old = new Set<number>();
  #signals: SignalName[] = [];

  constructor(io: Invocation, start: StartOptions) {
    this.#io = io;
    this.#start = start;
    this.#version = io.process.identity.version || "1.29.1";
  }

  *run(): Steps<number> {
    yield* sys.prctl({ comm: "nginx" });
    try {
      this.#configuration = yield* configure(this.#start);
      yield* this.#listen();
    } catch (error) {
      if (!(error instanceof NginxConfigError)) throw error;
      yield* this.#log("emerg", error.message);
      yield* this.#io.printError(`nginx: [emerg] ${error.message}\n`);
      return 1;
    }
    for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1"] as const)
      yield* sys.sigaction(signal, { handler: (each) => void this.#signals.push(each) });
    const { release, sysname } = yield* sys.uname();
    const limit = yield* sys.getrlimit("nofile");
    yield* this.#log("notice", `using the "epoll" event method`);
    yield* this.#log("notice", `nginx/${this.#version}`);
    yield* this.#log("notice", `OS: ${sysname} ${release}`);
    yield* this.#log("notice", `getrlimit(RLIMIT_NOFILE): ${limit.soft}:${limit.hard}`);
    const pidFile = setting(this.#configuration, "pid")?.[0] ?? "/run/nginx.pid";
    yield* this.#writePid(pidFile);
    yield* this.#startWorkers();
    for (;;) {
      const status = yield* this.#wait();
      if (status !== undefined) {
        yield* this.#removePid(pidFile);
        yield* this.#log("notice", "exit");
        return status;
      }
    }
  }

  *#writePid(path: string): Steps<void> {
    try {
      yield* writeFile(path, `${yield* sys.getpid()}\n`, 0o644);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* this.#log(
        "emerg",
        `open() "${path}" failed (${error.code === "EACCES" ? 13 : 30}: ${strerror(error.code)})`,
      );
    }
  }

  *#removePid(path: string): Steps<void> {
    try {
      yield* sys.unlink(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  *#log(level: string, text: string): Steps<void> {
    const pid = yield* sys.getpid();
    const [path = "/var/log/nginx/error.log", least = "error"] =
      setting(this.#configuration, "error_log") ?? [];
    if (level === "notice" && !["notice", "info", "debug"].includes(least)) return;
    yield* appendTo(
      path,
      `${formatDate("%Y/%m/%d %H:%M:%S", yield* sys.clock())} [${level}] ${pid}#${pid}: ${text}\n`,
    );
  }

  /** Opens sockets for ports that have none yet, and closes those that are not wanted any more. */
  *#listen(): Steps<void> {
    const http = blocks(this.#configuration, "http").flatMap((directive) => directive.block!);
    const ports = [...new Set(blocks(http, "server").flatMap(listenPorts))];
    for (const port of ports) {
      if (this.#listeners.some((listener) => listener.port === port)) continue;
      const fd = yield* sys.socket("inet", "stream");
      try {
        yield* sys.setsockopt(fd, "SO_REUSEADDR", 1);
        yield* sys.bind(fd, { family: "inet", address: "0.0.0.0", port });
        yield* sys.listen(fd, 511);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* sys.close(fd);
        throw new NginxConfigError(
          `bind() to 0.0.0.0:${port} failed (${error.code === "EADDRINUSE" ? 98 : 13}: ${strerror(error.code)})`,
        );
      }
      this.#listeners.push({ fd, port });
    }
    for (const listener of this.#listeners.filter(({ port }) => !ports.includes(port)))
      yield* sys.close(listener.fd);
    this.#listeners = this.#listeners.filter(({ port }) => ports.includes(port));
  }

  *#startWorkers(): Steps<void> {
    const wanted = setting(this.#configuration, "worker_processes")?.[0] ?? "1";
    const count = wanted === "auto" ? (yield* sys.sysinfo()).processors : Math.max(Number(wanted) || 1, 1);
    yield* this.#log("notice", "start worker processes");
    for (let index = 0; index < count; index++) yield* this.#startWorker();
  }

  *#startWorker(): Steps<void> {
    // The sockets go along as descriptors; NGINX tells which, as it does when nginx replaces itself.
    const sockets = this.#listeners.map(({ fd, port }) => `${fd}:${port}`).join(";");
    const env = [
      ...this.#io.process.env.filter((pair) => !pair.startsWith("NGINX=")),
      `NGINX=${sockets}|${this.#start.file}|${this.#start.globals}`,
    ];
    const pid = yield* sys.spawn(programFile, {
      argv: [workerTitle],
      env,
      defaultSignals: ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1"],
    });
    this.#workers.add(pid);
    yield* this.#log("notice", `start worker process ${pid}`);
  }

  /** Waits for a child or a signal; the exit status when it is time to end. */
  *#wait(): Steps<number | undefined> {
    try {
      const result = yield* sys.waitpid(-1);
      if (result) {
        const code = result.status.kind === "exited" ? result.status.code : 0;
        yield* this.#log("notice", `worker process ${result.pid} exited with code ${code}`);
        this.#old.delete(result.pid);
        if (this.#workers.delete(result.pid)) yield* this.#startWorker();
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === "ECHILD" && this.#signals.length === 0) yield* this.#pause();
    }
    for (const signal of this.#signals.splice(0)) {
      if (signal === "SIGHUP") yield* this.#reload();
      else if (signal !== "SIGUSR1") return yield* this.#end(signal);
    }
    return undefined;
  }

  *#pause(): Steps<void> {
    try {
      yield* sys.pause();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  *#reload(): Steps<void> {
    yield* this.#log("notice", "signal 1 (SIGHUP) received, reconfiguring");
    yield* this.#log("notice", "reconfiguring");
    const before = this.#configuration;
    try {
      this.#configuration = yield* configure(this.#start);
      yield* this.#listen();
    } catch (error) {
      if (!(error instanceof NginxConfigError)) throw error;
      this.#configuration = before;
      return yield* this.#log("emerg", error.message);
    }
    const old = [...this.#workers];
    this.#workers.clear();
    for (const pid of old) this.#old.add(pid);
    yield* this.#startWorkers();
    for (const pid of old) yield* sys.kill(pid, "SIGQUIT");
  }

  *#end(signal: SignalName): Steps<number> {
    yield* this.#log(
      "notice",
      `signal ${signalNumber(signal)} (${signal}) received, ${signal === "SIGQUIT" ? "shutting down" : "exiting"}`,
    );
    const all = [...this.#workers, ...this.#old];
    for (const pid of all) yield* sys.kill(pid, signal === "SIGQUIT" ? "SIGQUIT" : "SIGTERM");
    for (const pid of all) {
      for (;;) {
        try {
          yield* sys.waitpid(pid);
          break;
        } catch (error) {
          if (!(error instanceof Errno) || error.code !== "EINTR") break;
        }
      }
      yield* this.#log("notice", `worker process ${pid} exited with code 0`);
    }
    return 0;
  }
}

function* worker(io: Invocation): Steps<number> {
  const [sockets = "", file = "", globals = ""] = (io.process.getenv("NGINX") ?? "").split("|");
  const listeners = sockets
    .split(";")
    .filter(Boolean)
    .map((each) => ({ fd: Number(each.split(":")[0]), port: Number(each.split(":")[1]) }));
  const configuration = yield* configure({ file, globals });
  yield* sys.prctl({ comm: "nginx", parentDeathSignal: "SIGTERM" });
  const version = io.process.identity.version || "1.29.1";
  return yield* runWorker(configuration, listeners, version, () =>
    becomeUser(setting(configuration, "user")?.[0]),
  );
}

function* becomeUser(name: string | undefined): Steps<void> {
  const account = name === undefined ? undefined : (yield* readAccounts()).user(name);
  if (!account || (yield* sys.getuid()).euid !== 0) return;
  yield* sys.setgroups([account.gid]);
  yield* sys.setgid(account.gid);
  yield* sys.setuid(account.uid);
}
