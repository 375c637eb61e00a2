import { Errno } from "../../files/filesystem.ts";
import { isAny, normal } from "./addresses.ts";

/** Somebody who has a port: a socket, or something of the kernel's own (the embedded DNS server, docker-proxy). */
export interface PortHolder {
  readonly address: string;
  readonly port: number;
  /** SO_REUSEADDR, SO_REUSEPORT. */
  readonly sharesPort?: boolean;
}

/** Which ports of a network stack are taken, by protocol. */
export class PortTable {
  readonly #holders = { tcp: new Map<number, PortHolder[]>(), udp: new Map<number, PortHolder[]>() };

  /** EADDRINUSE when somebody has it, at this address or at all. */
  claim(protocol: "tcp" | "udp", holder: PortHolder): void {
    if (this.taken(protocol, holder.address, holder.port, holder.sharesPort)) throw new Errno("EADDRINUSE");
    const holders = this.#holders[protocol].get(holder.port);
    if (holders) holders.push(holder);
    else this.#holders[protocol].set(holder.port, [holder]);
  }

  release(protocol: "tcp" | "udp", holder: PortHolder): void {
    const holders = this.#holders[protocol].get(holder.port)?.filter((each) => each !== holder) ?? [];
    if (holders.length > 0) this.#holders[protocol].set(holder.port, holders);
    else this.#holders[protocol].delete(holder.port);
  }

  taken(protocol: "tcp" | "udp", address: string, port: number, shares = false): boolean {
    const holders = this.#holders[protocol].get(port) ?? [];
    return holders.some((each) => overlap(each.address, address) && !(shares && each.sharesPort));
  }

  /** Who gets what is sent to `address`: whoever has that very address, else who has any. */
  find(protocol: "tcp" | "udp", address: string, port: number): PortHolder | undefined {
    const holders = this.#holders[protocol].get(port) ?? [];
    const exact = holders.find((each) => normal(each.address) === normal(address));
    return (
      exact ??
      holders.find((each) => isAny(each.address) && (each.address === "::" || !address.includes(":")))
    );
  }

  *all(protocol: "tcp" | "udp"): Generator<PortHolder> {
    for (const holders of this.#holders[protocol].values()) yield* holders;
  }
}

function overlap(one: string, other: string): boolean {
  if (isAny(one) || isAny(other)) {
    // Docker binds 0.0.0.0 and :: separately, which is no conflict.
    if (isAny(one) && isAny(other)) return one === other;
    return one.includes(":") === other.includes(":");
  }
  return normal(one) === normal(other);
}
