import { Errno } from "../../../files/filesystem.ts";
import type { Handlers } from "./handler.ts";

export const machineCalls: Pick<Handlers, "uname" | "sethostname" | "setdomainname" | "sysinfo" | "reboot"> =
  {
    uname(kernel, { process }) {
      const { hostname, domainname } = process.namespaces.uts;
      return {
        sysname: "Linux",
        nodename: hostname,
        release: kernel.release,
        version: kernel.version,
        machine: "x86_64",
        domainname,
      };
    },
    sethostname(_kernel, { process }, hostname) {
      if (!process.has("CAP_SYS_ADMIN")) throw new Errno("EPERM");
      if (hostname.length > 64) throw new Errno("EINVAL");
      process.namespaces.uts.hostname = hostname;
    },
    setdomainname(_kernel, { process }, domainname) {
      if (!process.has("CAP_SYS_ADMIN")) throw new Errno("EPERM");
      if (domainname.length > 64) throw new Errno("EINVAL");
      process.namespaces.uts.domainname = domainname;
    },
    sysinfo(kernel, { process }) {
      return {
        uptime: Math.floor(kernel.time.elapsed),
        loads: kernel.loads(),
        totalMemory: kernel.memory,
        freeMemory: Math.max(0, kernel.memory - kernel.cgroups.memoryCurrent - kernel.residentMemory),
        processes: process.pidNamespace.processes.size,
        processors: kernel.processors,
      };
    },
    reboot(kernel, { process }, how) {
      if (!process.has("CAP_SYS_BOOT")) throw new Errno("EPERM");
      kernel.onReboot(how);
    },
  };
