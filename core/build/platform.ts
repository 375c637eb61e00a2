import { goQuote } from "./gotext.ts";

export interface Platform {
  os: string;
  architecture: string;
  /** "v8"; missing or "" for most. */
  variant?: string;
}

const OPERATING_SYSTEMS =
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos".split(
    " ",
  );
const ARCHITECTURES =
  "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm".split(
    " ",
  );
const COMPONENT = /^[A-Za-z0-9_.-]+(?:\([A-Za-z0-9_.-]*\))?$/;

/** The platform that "linux/arm64/v8", "arm64" or "linux" names. Throws an Error with containerd's text. */
export function parsePlatform(specifier: string): Platform {
  if (specifier.includes("*"))
    throw new Error(`${goQuote(specifier)}: wildcards not yet supported: invalid argument`);
  const parts = specifier.split("/");
  for (const part of parts)
    if (!COMPONENT.test(part))
      throw new Error(
        `${goQuote(part)} is an invalid component of ${goQuote(specifier)}: platform specifier component must match ${goQuote(COMPONENT.source)}: invalid argument`,
      );
  const [first = "", second, third = ""] = parts.map((part) => part.toLowerCase());
  const os = (name: string) => (name === "macos" ? "darwin" : name.replace(/\(.*$/, ""));
  if (second === undefined) {
    if (OPERATING_SYSTEMS.includes(os(first))) return { os: os(first), architecture: "amd64", variant: "" };
    const machine = normalise(first, "");
    if (ARCHITECTURES.includes(machine.architecture)) return { os: "linux", ...machine };
    throw new Error(`${goQuote(specifier)}: unknown operating system or architecture: invalid argument`);
  }
  if (parts.length > 3)
    throw new Error(`${goQuote(specifier)}: cannot parse platform specifier: invalid argument`);
  return { os: os(first), ...normalise(second, third) };
}

/** "linux/arm64/v8". */
export const formatPlatform = ({ os, architecture, variant }: Platform) =>
  [os, architecture, variant].filter(Boolean).join("/");

function normalise(architecture: string, variant: string): { architecture: string; variant: string } {
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { architecture: "arm64", variant: variant === "8" || variant === "v8" ? "" : variant };
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return { architecture: "arm", variant: variant === "" || variant === "7" ? "v7" : variant };
    default:
      return { architecture, variant };
  }
}
