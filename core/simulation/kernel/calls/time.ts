import { Errno } from "../../../files/filesystem.ts";
import type { Kernel } from "../kernel.ts";
import type { Thread } from "../process.ts";
import { postSignal } from "../signal-delivery.ts";
import { POLL } from "../calls.ts";
import { block, type Handlers } from "./handler.ts";

/** The moment at which a call gives up; remembered between tries. Undefined: never. */
export function deadlineOf(
  kernel: Kernel,
  thread: Thread,
  milliseconds: number | undefined,
): number | undefined {
  if (milliseconds === undefined || milliseconds < 0) return undefined;
  return (thread.call.deadline ??= kernel.time.elapsed + milliseconds * 1e6);
}

export const timeCalls: Pick<Handlers, "clock" | "setClock" | "nanosleep" | "alarm" | "getrandom" | "poll"> =
  {
    clock(kernel, { process }, which = "realtime") {
      if (which === "realtime") return kernel.time.realtime();
      return BigInt(
        Math.floor(which === "monotonic" ? kernel.time.elapsed : process.userTime + process.systemTime),
      );
    },
    setClock(kernel, { process }, now) {
      if (!process.has("CAP_SYS_TIME")) throw new Errno("EPERM");
      kernel.time.boot += now - kernel.time.realtime();
    },
    nanosleep(kernel, thread, nanoseconds) {
      const deadline = deadlineOf(kernel, thread, Math.max(nanoseconds, 0) / 1e6)!;
      if (kernel.time.elapsed >= deadline) return;
      return block(kernel, thread, [], deadline);
    },
    alarm(kernel, { process }, nanoseconds) {
      const left =
        process.alarm && !process.alarm.cancelled ? Math.max(0, process.alarm.due - kernel.time.elapsed) : 0;
      if (process.alarm) kernel.time.cancel(process.alarm);
      process.alarm = undefined;
      if (nanoseconds > 0) {
        process.alarm = kernel.time.at(kernel.time.elapsed + nanoseconds, () => {
          process.alarm = undefined;
          postSignal(kernel, process, "SIGALRM");
        });
      }
      return left;
    },
    getrandom: (kernel, _thread, count) => kernel.random.bytes(count),
    poll(kernel, thread, requests, timeout) {
      const { descriptors } = thread.process;
      let ready = false;
      const events = requests.map(({ fd, events: wanted }) => {
        if (fd < 0) return 0;
        const found = descriptors.has(fd)
          ? descriptors.get(fd).poll() & (wanted | POLL.ERR | POLL.HUP)
          : POLL.NVAL;
        if (found !== 0) ready = true;
        return found;
      });
      const deadline = deadlineOf(kernel, thread, timeout);
      if (ready || (deadline !== undefined && kernel.time.elapsed >= deadline)) return events;
      const queues = requests.flatMap(({ fd, events: wanted }) => {
        if (fd < 0) return [];
        const file = descriptors.get(fd);
        return wanted & POLL.OUT ? [file.readable, file.writable] : [file.readable];
      });
      return block(kernel, thread, queues, deadline);
    },
  };
