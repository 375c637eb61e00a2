import type { HttpResponse } from "../../distribution/http.ts";
import type { RegistryRequest } from "../../distribution/server/registry.ts";
import { formatTime, formatTimeFixed } from "../../platform/time.ts";
import { hex } from "../../platform/random.ts";
import type { Random } from "../../platform/random.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The lines that distribution's registry writes: its own, and one in Apache's format for each request. */
export class RegistryLog {
  readonly #fields: string;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    this.#fields = `go.version=go1.20.8 instance.id=${this.id()} service=registry version=2.8.3`;
  }

  id(): string {
    const digits = hex(this.#random.bytes(16));
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  line(now: bigint, level: "info" | "warning", message: string): string {
    return `time="${formatTimeFixed(now)}" level=${level} msg=${JSON.stringify(message)} ${this.#fields} \n`;
  }

  /** What logrus says of an answered request. */
  completed(
    now: bigint,
    started: bigint,
    peer: string,
    request: RegistryRequest,
    response: HttpResponse,
  ): string {
    const { headers, method, target } = request;
    const fields = [
      `go.version=go1.20.8`,
      `http.request.host="${headers.host ?? ""}"`,
      `http.request.id=${this.id()}`,
      `http.request.method=${method}`,
      `http.request.remoteaddr="${peer}"`,
      `http.request.uri=${quoted(target)}`,
      `http.request.useragent=${JSON.stringify(headers["user-agent"] ?? "")}`,
      ...(response.headers["content-type"]
        ? [`http.response.contenttype=${quoted(response.headers["content-type"])}`]
        : []),
      `http.response.duration=${Number(now - started) / 1e6}ms`,
      `http.response.status=${response.status}`,
      `http.response.written=${response.headers["content-length"] ?? 0}`,
    ];
    return `time="${formatTimeFixed(now)}" level=info msg="response completed" ${fields.join(" ")} \n`;
  }

  access(
    now: bigint,
    peer: string,
    { method, target, headers }: RegistryRequest,
    response: HttpResponse,
  ): string {
    const [, year = "", month = "", day = "", time = ""] =
      /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(formatTime(now)) ?? [];
    const stamp = `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
    const host = peer.replace(/:\d+$/, "");
    const written = response.headers["content-length"] ?? "0";
    const agent = headers["user-agent"] ?? "";
    return `${host} - - [${stamp}] "${method} ${target} HTTP/1.1" ${response.status} ${written} "" "${agent}"\n`;
  }
}

/** As logrus writes a value: in quotes when there is more than letters, digits and a few signs in it. */
function quoted(value: string): string {
  return /^[\w./@^+-]*$/.test(value) ? value : JSON.stringify(value);
}
