import type { Cancellation } from "../platform/cancellation.ts";
import type { Clock } from "../platform/clock.ts";
import { Deadline } from "../platform/deadline.ts";
import { LineSplitter } from "./lines.ts";
import type { Rotation } from "./options.ts";
import type { LogRecord, LogSelection } from "./record.ts";

/** Without --log-opt max-size Docker's log grows until the disk is full; in memory it stays below this. */
const memoryLimit = 16 * 2 ** 20;
/** What json-file writes around a line: {"log":"…","stream":"stdout","time":"…"}. */
const overhead = 75;

interface File {
  records: LogRecord[];
  size: number;
}

/** What a container wrote to its streams, in files that rotate as those of json-file do. */
export class ContainerLog {
  #files: File[] = [{ records: [], size: 0 }];
  #followers = new Set<() => void>();
  #open = false;
  #splitters: { stdout: LineSplitter; stderr: LineSplitter };
  readonly #clock: Clock;
  readonly #rotation: Rotation;

  constructor(clock: Clock, rotation: Rotation) {
    this.#clock = clock;
    this.#rotation = rotation;
    const splitter = (stream: "stdout" | "stderr") =>
      new LineSplitter((line) => this.#append({ stream, at: this.#clock.now(), line }));
    this.#splitters = { stdout: splitter("stdout"), stderr: splitter("stderr") };
  }

  /** The container starts: followers stay from now on. */
  open(): void {
    this.#open = true;
  }

  write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    this.#splitters[stream].write(bytes);
  }

  /** The container has stopped: lines without an end are taken as they are, followers end. */
  close(): void {
    this.#splitters.stdout.end();
    this.#splitters.stderr.end();
    this.#open = false;
    this.#wake();
  }

  /** The selected records, oldest first, and with `follow` those to come until the container stops. */
  async *read(selection: LogSelection, cancellation: Cancellation): AsyncGenerator<LogRecord> {
    const kept = this.#files.flatMap((file) => file.records);
    let last: LogRecord | undefined = kept.at(-1);
    const tail = selection.tail === undefined ? kept : kept.slice(Math.max(0, kept.length - selection.tail));
    for (const record of tail) {
      if (selection.until !== undefined && record.at > selection.until) return;
      if (wanted(record, selection)) yield record;
    }
    while (selection.follow && !cancellation.cancelled) {
      const records = this.#after(last);
      for (const record of records) {
        last = record;
        if (selection.until !== undefined && record.at > selection.until) return;
        if (wanted(record, selection)) yield record;
      }
      if (records.length > 0) continue;
      if (!this.#open) return;
      if (!(await this.#change(selection, cancellation))) return;
    }
  }

  /** Bytes that the log's files have. */
  get size(): number {
    return this.#files.reduce((sum, file) => sum + file.size, 0);
  }

  #append(record: LogRecord): void {
    let file = this.#files.at(-1)!;
    const { maxSize, maxFiles } = this.#rotation;
    if (maxSize !== undefined && file.size >= maxSize) {
      this.#files.push((file = { records: [], size: 0 }));
      while (this.#files.length > maxFiles) this.#files.shift();
    }
    file.records.push(record);
    file.size += record.line.length + overhead;
    if (file.size > memoryLimit) {
      const dropped = file.records.splice(0, Math.ceil(file.records.length / 4));
      for (const { line } of dropped) file.size -= line.length + overhead;
    }
    this.#wake();
  }

  #after(last: LogRecord | undefined): LogRecord[] {
    const newest = this.#files.at(-1)!.records;
    if (last === undefined) return this.#files.flatMap((file) => file.records);
    const at = newest.lastIndexOf(last);
    if (at >= 0) return newest.slice(at + 1);
    const all = this.#files.flatMap((file) => file.records);
    return all.slice(all.lastIndexOf(last) + 1);
  }

  /** Waits for more; false when there is no point in waiting on. */
  #change(selection: LogSelection, cancellation: Cancellation): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (more: boolean) => {
        this.#followers.delete(wake);
        undo();
        over.cancel();
        resolve(more);
      };
      const wake = () => done(true);
      const over = new Deadline(this.#clock, selection.until, () => done(false));
      this.#followers.add(wake);
      const undo = cancellation.onCancel(() => done(false));
      if (cancellation.cancelled) done(false);
    });
  }

  #wake(): void {
    for (const wake of [...this.#followers]) wake();
  }
}

function wanted(record: LogRecord, selection: LogSelection): boolean {
  if (!selection[record.stream]) return false;
  return selection.since === undefined || record.at >= selection.since;
}
