import type { ByteSource } from "../../platform/bytes.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Output } from "../output.ts";
import { formatTimeNano } from "../timestamps.ts";
import { type Progress, progressText } from "./bar.ts";
import { jsonTexts } from "./json_stream.ts";

/** One message of pull, push, load, import and build. */
interface Message {
  stream?: string;
  status?: string;
  id?: string;
  from?: string;
  time?: number;
  timeNano?: number;
  progressDetail?: Progress | null;
  /** The bar as the engine drew it, for clients of long ago. */
  progress?: string;
  errorDetail?: { code?: number; message?: string } | null;
  aux?: unknown;
}

/** An error that came in a stream of messages. */
export class MessageError extends Error {
  override name = "MessageError";
  /** The exit status that it asks for; 0 when it does not. */
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** Where messages are shown: an Output, or a text for what is to be quiet. */
export type MessageSink = Pick<Output, "write" | "columns">;

/**
 * Shows the engine's messages as they come: on a terminal each `id` keeps its line, which is rewritten; elsewhere
 * progress is left out. Throws a MessageError for a message that is one. `aux` is given what is not for people.
 */
export async function displayMessages(
  source: ByteSource,
  out: MessageSink,
  clock: Clock,
  aux: (value: unknown) => void = () => {},
): Promise<void> {
  /** Which line, counted from the first that is still rewritten, belongs to which id. */
  let lines = new Map<string, number>();
  const isTerminal = out.columns !== undefined;
  for await (const text of jsonTexts(source)) {
    const message = JSON.parse(text) as Message;
    if (message.aux !== undefined && message.aux !== null) {
      aux(message.aux);
      continue;
    }
    let shown = "";
    let up = 0;
    if (message.id && (message.progressDetail || message.progress)) {
      let line = lines.get(message.id);
      if (line === undefined) {
        line = lines.size;
        lines.set(message.id, line);
        if (isTerminal) shown += "\n";
      }
      up = lines.size - line;
      if (isTerminal && up > 0) shown += `\x1b[${up}A`;
    } else {
      // Something else came between: the lines above are not touched any more.
      lines = new Map();
    }
    const error = message.errorDetail;
    if (!error) shown += messageText(message, out.columns, clock);
    if (message.id && isTerminal && up > 0) shown += `\x1b[${up}B`;
    if (shown !== "") await out.write(shown);
    if (error) throw new MessageError(error.message ?? "", error.code ?? 0);
  }
}

function messageText(message: Message, columns: number | undefined, clock: Clock): string {
  const progress = message.progressDetail
    ? progressText(message.progressDetail, columns ?? 200, clock.now())
    : "";
  const rewrites = columns !== undefined && !message.stream && Boolean(message.progressDetail);
  // A bar that cannot be rewritten is not shown.
  if (!rewrites && progress !== "") return "";
  const end = rewrites ? "\r" : "";
  let text = rewrites ? "\x1b[2K\r" : "";
  if (message.timeNano) text += `${formatTimeNano(BigInt(message.timeNano))} `;
  else if (message.time) text += `${formatTimeNano(BigInt(message.time) * 1_000_000_000n)} `;
  if (message.id) text += `${message.id}: `;
  if (message.from) text += `(from ${message.from}) `;
  const status = message.status ?? "";
  if (message.progressDetail && columns !== undefined) return `${text}${status} ${progress}${end}`;
  if (message.progress) return `${text}${status} ${message.progress}${end}`;
  if (message.stream) return `${text}${message.stream}${end}`;
  return `${text}${status}${end}\n`;
}
