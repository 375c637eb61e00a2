/**
 * The ports that an EXPOSE specification names, as "80/tcp": "80", "80/udp", "8000-8010/tcp", also with a host's part
 * ("127.0.0.1:80:80"), which is checked and ignored. Throws an Error with Docker's text.
 */
export function exposedPorts(specification: string): string[] {
  const parts = specification.split(":");
  const [port = "", given] = parts.at(-1)!.split("/");
  const protocol = given ? given : "tcp";
  const address = parts
    .slice(0, -2)
    .join(":")
    .replace(/^\[(.*)\]$/, "$1");
  if (address !== "" && !isAddress(address)) throw new Error(`Invalid ip address: ${address}`);
  if (port === "") throw new Error(`No port specified: ${specification}<empty>`);
  const range = portRange(port);
  if (!range) throw new Error(`Invalid containerPort: ${port}`);
  const hostPort = parts.length > 1 ? parts.at(-2)! : "";
  if (hostPort !== "") {
    const host = portRange(hostPort);
    if (!host) throw new Error(`Invalid hostPort: ${hostPort}`);
    if (host.end - host.start !== range.end - range.start && range.end !== range.start)
      throw new Error(`Invalid ranges specified for container and host Ports: ${port} and ${hostPort}`);
  }
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) throw new Error(`Invalid proto: ${protocol}`);
  const ports: string[] = [];
  for (let number = range.start; number <= range.end; number++)
    ports.push(`${number}/${protocol.toLowerCase()}`);
  return ports;
}

function portRange(text: string): { start: number; end: number } | undefined {
  const [start, end = start] = text.split("-").map(portNumber);
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

function portNumber(text: string): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return number <= 65535 ? number : undefined;
}

function isAddress(text: string): boolean {
  if (text.includes(":")) return /^[0-9a-f:.]+$/i.test(text);
  const bytes = text.split(".");
  return bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255);
}
