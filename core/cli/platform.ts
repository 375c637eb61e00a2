/** An operating system and architecture as the API takes them, in the order that Docker writes the fields. */
export interface Platform {
  architecture: string;
  os: string;
  variant?: string;
}

const arches: Record<string, [architecture: string, variant?: string]> = {
  i386: ["386"],
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  amd64: ["amd64"],
  aarch64: ["arm64"],
  arm64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};
const systems = [
  "aix",
  "android",
  "darwin",
  "dragonfly",
  "freebsd",
  "hurd",
  "illumos",
  "ios",
  "js",
  "linux",
  "nacl",
  "netbsd",
  "openbsd",
  "plan9",
  "solaris",
  "windows",
  "zos",
];
const architectures = [
  "386",
  "amd64",
  "amd64p32",
  "arm",
  "armbe",
  "arm64",
  "arm64be",
  "ppc64",
  "ppc64le",
  "loong64",
  "mips",
  "mipsle",
  "mips64",
  "mips64le",
  "mips64p32",
  "mips64p32le",
  "ppc",
  "riscv",
  "riscv64",
  "s390",
  "s390x",
  "sparc",
  "sparc64",
  "wasm",
];

/** Reads "linux/arm64/v8", "linux" or "arm64" as containerd's platforms.Parse does. Throws with its texts. */
export function parsePlatform(specifier: string, host: { os: string; arch: string }): Platform {
  if (specifier.includes("*"))
    throw new Error(`${quoted(specifier)}: wildcards not yet supported: invalid argument`);
  const parts = specifier.split("/");
  for (const part of parts) {
    const checked = part === parts[0] ? part.replace(/\(.*\)$/, "") : part;
    if (!/^[A-Za-z0-9_.-]+$/.test(checked)) {
      throw new Error(
        `${quoted(part)} is an invalid component of ${quoted(specifier)}: platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument`,
      );
    }
  }
  if (parts.length === 1) {
    const os = normalSystem(parts[0]!);
    if (systems.includes(os)) return { architecture: host.arch, os };
    const known = normalArchitecture(parts[0]!);
    if (architectures.includes(known.architecture)) return { ...known, os: host.os };
    throw new Error(`${quoted(specifier)}: unknown operating system or architecture: invalid argument`);
  }
  if (parts.length > 3)
    throw new Error(`${quoted(specifier)}: cannot parse platform specifier: invalid argument`);
  const { architecture, variant } = normalArchitecture(parts[1]!, parts[2]);
  return { architecture, os: normalSystem(parts[0]!), ...(variant ? { variant } : {}) };
}

const quoted = (text: string) => JSON.stringify(text);

function normalSystem(os: string): string {
  const lower = os.toLowerCase();
  return lower === "macos" ? "darwin" : lower;
}

function normalArchitecture(arch: string, variant?: string): { architecture: string; variant?: string } {
  const [architecture = arch.toLowerCase(), implied] = arches[arch.toLowerCase()] ?? [];
  const chosen = variant?.toLowerCase() ?? implied;
  // v8 is what arm64 is anyway, v1 what amd64 is.
  if (architecture === "arm64" && (chosen === "8" || chosen === "v8")) return { architecture };
  if (architecture === "amd64" && chosen === "v1") return { architecture };
  if (architecture === "arm" && (chosen === undefined || chosen === "7"))
    return { architecture, variant: "v7" };
  if (architecture === "arm" && (chosen === "5" || chosen === "6" || chosen === "8"))
    return { architecture, variant: `v${chosen}` };
  return chosen ? { architecture, variant: chosen } : { architecture };
}
