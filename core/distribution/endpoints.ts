/** Where a registry may be reached. */
export interface Endpoint {
  /** "https://registry-1.docker.io": without a slash at the end. */
  url: string;
  mirror: boolean;
}

/** Of daemon.json. */
interface RegistrySettings {
  insecureRegistries: string[];
  registryMirrors: string[];
}

/**
 * The addresses to try for a domain, in order: Docker Hub's mirrors before Docker Hub, and for a registry that may be
 * insecure http after https.
 */
export function lookupEndpoints(settings: RegistrySettings, domain: string, mirrors: boolean): Endpoint[] {
  if (domain === "docker.io" || domain === "index.docker.io") {
    const own = mirrors ? settings.registryMirrors : [];
    return [
      ...own.map((mirror) => ({
        url: (/^https?:\/\//.test(mirror) ? mirror : `https://${mirror}`).replace(/\/+$/, ""),
        mirror: true,
      })),
      { url: "https://registry-1.docker.io", mirror: false },
    ];
  }
  const secure = { url: `https://${domain}`, mirror: false };
  return isInsecure(settings, domain) ? [secure, { url: `http://${domain}`, mirror: false }] : [secure];
}

/** Whether a registry may be asked without TLS: those of daemon.json and this machine's own. */
export function isInsecure(
  { insecureRegistries }: Pick<RegistrySettings, "insecureRegistries">,
  domain: string,
): boolean {
  if (insecureRegistries.includes(domain)) return true;
  const host = domain.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (host === "localhost" || host === "::1") return true;
  const address = ipv4(host);
  if (address === undefined) return false;
  return ["127.0.0.0/8", ...insecureRegistries].some((network) => {
    const [base = "", bits] = network.split("/");
    const start = ipv4(base);
    if (start === undefined || bits === undefined || !/^\d+$/.test(bits)) return false;
    const size = 2 ** (32 - Number(bits));
    return Math.floor(address / size) === Math.floor(start / size);
  });
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => value * 256 + Number(part), 0);
}
