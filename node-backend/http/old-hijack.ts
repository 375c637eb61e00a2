import type { Socket } from "node:net";

const marker = "drydock-raw";

/**
 * Lets through old clients (curl, docker-py of old) that hijack a POST without asking to upgrade: what they send after the
 * request is not HTTP, and Node's parser would refuse it. The first request on a connection is looked at before the
 * parser sees it; when it is such a one, an Upgrade header is added, so that the parser hands the raw socket over.
 * The server then answers 200 instead of 101.
 */
export function admitOldHijack(socket: Socket, admit: () => void): void {
  let seen = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf("\r\n\r\n");
    if (end < 0 && seen.length < 65536) return;
    socket.off("data", look);
    socket.off("end", admit);
    socket.pause();
    const head = seen.subarray(0, end).toString("latin1");
    const hijacks =
      end >= 0 &&
      /^POST (\/v\d+\.\d+)?\/(containers\/[^/ ]+\/attach|exec\/[^/ ]+\/start)[? ]/.test(head) &&
      !/^(upgrade|transfer-encoding):/im.test(head);
    socket.unshift(
      hijacks
        ? Buffer.concat([
            Buffer.from(
              `${head.replace(/^connection:.*\r\n/im, "")}\r\nConnection: Upgrade\r\nUpgrade: ${marker}`,
              "latin1",
            ),
            seen.subarray(end),
          ])
        : seen,
    );
    admit();
    socket.resume();
  };
  socket.on("data", look);
  socket.once("end", admit);
}

admitOldHijack.marker = marker;
