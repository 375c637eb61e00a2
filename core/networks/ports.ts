import type { PortMapping } from "./driver.ts";
import { systemError } from "../errors/errors.ts";

/** Where Docker looks for a free port of the host when none is asked for. */
const firstFree = 32768;
const lastFree = 60999;

type Place = Pick<PortMapping, "protocol" | "hostIp">;

/** The host's ports that containers have published. */
export class PortAllocator {
  readonly #taken = new Map<string, Set<string>>();
  #next = firstFree;

  /** Takes one port on all of these places. Throws "Bind for 0.0.0.0:80 failed: port is already allocated". */
  take(places: readonly Place[], port: number): void {
    for (const place of places)
      if (!this.#free(place, port))
        throw systemError(`Bind for ${bracketed(place.hostIp)}:${port} failed: port is already allocated`);
    for (const place of places) this.#of(place, port).add(place.hostIp);
  }

  /** Takes the first free port from `from` to `to` on all of these places; by default the next one of Docker's own range. */
  draw(places: readonly Place[], from?: number, to = from ?? lastFree): number {
    const range = from === undefined;
    const low = from ?? firstFree;
    const count = to - low + 1;
    for (let tried = 0; tried < count; tried++) {
      const port = range ? low + ((this.#next - low + tried) % count) : low + tried;
      if (!places.every((place) => this.#free(place, port))) continue;
      this.take(places, port);
      if (range) this.#next = port + 1 > lastFree ? firstFree : port + 1;
      return port;
    }
    throw systemError("all ports are allocated");
  }

  release(mapping: PortMapping): void {
    this.#of(mapping, mapping.hostPort).delete(mapping.hostIp);
  }

  #of({ protocol }: Place, port: number): Set<string> {
    const key = `${port}/${protocol}`;
    let addresses = this.#taken.get(key);
    if (!addresses) this.#taken.set(key, (addresses = new Set()));
    return addresses;
  }

  #free(place: Place, port: number): boolean {
    const six = place.hostIp.includes(":");
    for (const other of this.#of(place, port)) {
      if (other.includes(":") !== six) continue;
      if (other === place.hostIp || isAny(other) || isAny(place.hostIp)) return false;
    }
    return true;
  }
}

function isAny(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
