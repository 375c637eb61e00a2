import type { FileContent } from "../../files/filesystem.ts";
import { utf8 } from "../../platform/bytes.ts";

/** Which program an executable file is. */
export interface ProgramIdentity {
  /** Its name in the ProgramRegistry. */
  program: string;
  /** "1.35.0"; "" when the file does not say. */
  version: string;
}

const noteName = "Drydock";

/**
 * A synthetic executable: a true ELF header (64 bit, x86-64) and a note that names the program. It is `size` bytes
 * long (zeros after the note, which cost no memory); identity lies in these bytes, so every copy is the same program.
 */
export function syntheticElf(
  program: string,
  options: { version?: string; size?: number } = {},
): FileContent {
  const head = elfHead(program, options.version ?? "");
  const size = Math.max(options.size ?? 0, head.length);
  return {
    size,
    read(offset, length) {
      const end = Math.min(offset + length, size);
      const bytes = new Uint8Array(Math.max(end - offset, 0));
      if (offset < head.length) bytes.set(head.subarray(offset, Math.min(end, head.length)));
      return bytes;
    },
  };
}

function elfHead(program: string, version: string): Uint8Array {
  const description = utf8(`${program}\0${version}\0`);
  const padded = Math.ceil(description.length / 4) * 4;
  const noteSize = 12 + 8 + padded;
  const bytes = new Uint8Array(64 + 56 + noteSize);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]); // ELF, 64 bit, little endian, version 1, System V
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 62, true); // EM_X86_64
  view.setUint32(20, 1, true);
  view.setBigUint64(24, 0x400078n, true); // entry
  view.setBigUint64(32, 64n, true); // program headers
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 4, true); // PT_NOTE
  view.setUint32(68, 4, true);
  view.setBigUint64(72, 120n, true);
  view.setBigUint64(96, BigInt(noteSize), true);
  view.setBigUint64(104, BigInt(noteSize), true);
  view.setBigUint64(112, 4n, true);
  view.setUint32(120, 8, true);
  view.setUint32(124, description.length, true);
  view.setUint32(128, 1, true);
  bytes.set(utf8(noteName), 132);
  bytes.set(description, 140);
  return bytes;
}

/** Which program `content` is: a synthetic ELF by its note, a real busybox by its own banner; undefined for all else. */
export function programOf(content: FileContent): ProgramIdentity | undefined {
  const head = content.read(0, 4096);
  if (!isElf(head) || head[4] !== 2 || head[18] !== 62) return undefined;
  return syntheticIdentity(head) ?? busyboxIdentity(content);
}

/** Whether these first bytes are those of an ELF file. */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

function syntheticIdentity(head: Uint8Array): ProgramIdentity | undefined {
  if (latin1(head.subarray(132, 140)) !== `${noteName}\0`) return undefined;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(124, true);
  const [program = "", version = ""] = new TextDecoder().decode(head.subarray(140, 140 + length)).split("\0");
  return { program, version };
}

const banner = utf8("BusyBox v");

/** Every busybox carries its banner, "BusyBox v1.35.0 (Debian 1:1.35.0-4)", which its usage text prints. */
function busyboxIdentity(content: FileContent): ProgramIdentity | undefined {
  const chunk = 1 << 20;
  for (let offset = 0; offset < content.size; offset += chunk - 64) {
    const bytes = content.read(offset, chunk);
    const at = indexOf(bytes, banner);
    if (at < 0) continue;
    const version = /^BusyBox v(\d+(?:\.\d+)*)/.exec(latin1(bytes.subarray(at, at + 64)));
    if (version) return { program: "busybox", version: version[1]! };
  }
  return undefined;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
