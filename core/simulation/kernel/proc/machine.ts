import type { Kernel } from "../kernel.ts";

const kib = (bytes: number) => String(Math.floor(bytes / 1024)).padStart(8);
const seconds = (nanoseconds: number) => (nanoseconds / 1e9).toFixed(2);
/** In units of 1/100 second, as /proc/stat counts. */
const ticks = (nanoseconds: number) => Math.floor(nanoseconds / 1e7);

/** Files of /proc that tell of the machine; each makes its text. */
export const machineFiles: Record<string, (kernel: Kernel) => string> = {
  cmdline: () => "BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet\n",
  cpuinfo: (kernel) =>
    Array.from({ length: kernel.processors }, (_, index) => processor(index, kernel.processors)).join("\n") +
    "\n",
  devices: () => "Character devices:\n  1 mem\n  5 /dev/tty\n136 pts\n\nBlock devices:\n  8 sd\n",
  diskstats: () => "   8       0 sda 0 0 0 0 0 0 0 0 0 0 0\n   8       1 sda1 0 0 0 0 0 0 0 0 0 0 0\n",
  filesystems: () =>
    ["sysfs", "tmpfs", "proc", "cgroup2", "devtmpfs", "devpts", "mqueue", "overlay"]
      .map((type) => `nodev\t${type}\n`)
      .join("") + "\text4\n",
  interrupts: () => "",
  keys: () => "",
  loadavg(kernel) {
    const last = kernel.current?.pidNamespace.last ?? kernel.init.pidNamespace.last;
    const total = kernel.init.pidNamespace.processes.size;
    return `${kernel
      .loads()
      .map((load) => load.toFixed(2))
      .join(" ")} ${Math.max(1, kernel.scheduler.runnable)}/${total} ${last}\n`;
  },
  meminfo(kernel) {
    const free = Math.max(0, kernel.memory - kernel.residentMemory - kernel.cgroups.memoryCurrent);
    const lines: [string, number][] = [
      ["MemTotal", kernel.memory], ["MemFree", free], ["MemAvailable", free], ["Buffers", 0], ["Cached", 0], ["SwapCached", 0],
      ["Active", kernel.cgroups.memoryCurrent], ["Inactive", 0], ["SwapTotal", 0], ["SwapFree", 0], ["Dirty", 0], ["Shmem", 0],
    ]; // prettier-ignore
    return lines.map(([name, bytes]) => `${`${name}:`.padEnd(15)} ${kib(bytes)} kB\n`).join("");
  },
  modules: () =>
    "overlay 151552 0 - Live 0x0000000000000000\nbridge 311296 0 - Live 0x0000000000000000\nveth 32768 0 - Live 0x0000000000000000\n",
  partitions: () =>
    "major minor  #blocks  name\n\n   8        0   67108864 sda\n   8        1   67107840 sda1\n",
  stat(kernel) {
    const busy = kernel.scheduler.busy;
    const idle = Math.max(0, kernel.time.elapsed * kernel.processors - busy);
    const line = (name: string, share: number) =>
      `${name} ${ticks((busy * 0.3) / share)} 0 ${ticks((busy * 0.7) / share)} ${ticks(idle / share)} 0 0 0 0 0 0\n`;
    const each = Array.from({ length: kernel.processors }, (_, index) =>
      line(`cpu${index}`, kernel.processors),
    ).join("");
    return (
      line("cpu ", 1) + each + `intr 0\nctxt 0\nbtime ${kernel.time.boot / 1_000_000_000n}\nprocesses ${kernel.init.pidNamespace.last}\n` +
      `procs_running ${Math.max(1, kernel.scheduler.runnable)}\nprocs_blocked 0\n`
    ); // prettier-ignore
  },
  swaps: () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
  timer_list: () => "",
  uptime: (kernel) =>
    `${seconds(kernel.time.elapsed)} ${seconds(Math.max(0, kernel.time.elapsed * kernel.processors - kernel.scheduler.busy))}\n`,
  version: (kernel) =>
    `Linux version ${kernel.release} (build@drydock) (gcc 13.2.0, GNU ld 2.42) ${kernel.version}\n`,
};

function processor(index: number, count: number): string {
  const lines: [string, string | number][] = [
    ["processor", index], ["vendor_id", "GenuineDrydock"], ["cpu family", 6], ["model", 85], ["model name", "Drydock Simulated CPU @ 1.00GHz"],
    ["stepping", 7], ["cpu MHz", "1000.000"], ["cache size", "16384 KB"], ["physical id", 0], ["siblings", count], ["core id", index],
    ["cpu cores", count], ["fpu", "yes"], ["flags", "fpu tsc cx8 cmov mmx fxsr sse sse2 ht syscall nx lm constant_tsc pni ssse3 sse4_1 sse4_2 popcnt aes avx"],
    ["bogomips", "2000.00"],
  ]; // prettier-ignore
  return lines.map(([name, value]) => `${name}${name.length < 8 ? "\t\t" : "\t"}: ${value}\n`).join("");
}
