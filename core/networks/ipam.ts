import { forbidden, systemError } from "../errors/errors.ts";
import {
  containsAddress,
  formatAddress,
  formatCidr,
  lastAddress,
  overlaps,
  parseAddress,
  parseCidr,
  type Cidr,
} from "./address.ts";

/** A part of a network's address space, as the API has it. */
export interface IpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

/** The addresses of one subnet that are taken. */
class Pool {
  readonly subnet: Cidr;
  /** New addresses come from here. */
  readonly range: Cidr;
  readonly gateway: string;
  readonly #taken = new Set<bigint>();

  constructor(config: IpamConfig) {
    this.subnet = parseCidr(config.Subnet!)!;
    this.range = config.IPRange ? parseCidr(config.IPRange)! : this.subnet;
    this.#taken.add(this.subnet.base);
    if (this.subnet.family === 4 && this.subnet.prefix < 31) this.#taken.add(lastAddress(this.subnet));
    for (const text of Object.values(config.AuxiliaryAddresses ?? {})) {
      const parsed = parseAddress(text);
      if (parsed) this.#taken.add(parsed.address);
    }
    this.gateway = config.Gateway ? config.Gateway.split("/")[0]! : this.#draw();
    this.#taken.add(parseAddress(this.gateway)!.address);
  }

  /** Takes `wanted`, or the lowest free one. */
  take(wanted?: string): string {
    if (wanted === undefined) return this.#draw();
    const { address } = parseAddress(wanted)!;
    if (this.#taken.has(address)) throw forbidden("Address already in use");
    this.#taken.add(address);
    return wanted;
  }

  release(address: string): void {
    if (address !== this.gateway) this.#taken.delete(parseAddress(address)!.address);
  }

  #draw(): string {
    const last = lastAddress(this.range);
    for (let address = this.range.base; address <= last; address++) {
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return formatAddress(this.range.family, address);
    }
    throw systemError("no available IPv4 addresses on this network's address pools");
  }
}

/** Who has which address: Docker's own address management, all of one host's networks together. */
export class Ipam {
  readonly #pools = new Map<string, Pool[]>();
  readonly #predefined: { base: Cidr; size: number }[];

  /** `pools`: daemon.json's default-address-pools; Docker's own when there are none. */
  constructor(pools: readonly { base: string; size: number }[]) {
    const list = pools.length > 0 ? pools : dockerPools;
    this.#predefined = list.map(({ base, size }) => ({ base: parseCidr(base)!, size }));
  }

  /** Sets aside the subnets of a network. Throws forbidden when one overlaps another network's. */
  add(networkId: string, configs: readonly IpamConfig[]): void {
    const added: Cidr[] = [];
    for (const { Subnet } of configs) {
      const subnet = parseCidr(Subnet!)!;
      const twice = added.some((other) => overlaps(other, subnet));
      added.push(subnet);
      if (twice || this.#inUse(subnet))
        throw forbidden("invalid pool request: Pool overlaps with other one on this address space");
    }
    this.#pools.set(
      networkId,
      configs.map((config) => new Pool(config)),
    );
  }

  remove(networkId: string): void {
    this.#pools.delete(networkId);
  }

  /** A free subnet of the default pools, such as "172.18.0.0/16", and its gateway. */
  drawSubnet(): IpamConfig {
    for (const { base, size } of this.#predefined) {
      const step = 1n << BigInt(32 - size);
      for (let at = base.base; at <= lastAddress(base); at += step) {
        const subnet: Cidr = { family: 4, address: at, base: at, prefix: size };
        if (!this.#inUse(subnet)) return { Subnet: formatCidr(subnet), Gateway: formatAddress(4, at + 1n) };
      }
    }
    throw systemError("all predefined address pools have been fully subnetted");
  }

  /** Takes an address on a network, of the given family; undefined when the network has no such subnet. */
  allocate(
    networkId: string,
    family: 4 | 6,
    wanted?: string,
  ): { address: string; prefix: number; gateway: string } | undefined {
    const pools = (this.#pools.get(networkId) ?? []).filter(({ subnet }) => subnet.family === family);
    const parsed = wanted === undefined ? undefined : parseAddress(wanted);
    const pool = parsed ? pools.find(({ subnet }) => containsAddress(subnet, parsed)) : pools[0];
    if (!pool) return undefined;
    return { address: pool.take(wanted), prefix: pool.subnet.prefix, gateway: pool.gateway };
  }

  release(networkId: string, address: string): void {
    const parsed = parseAddress(address);
    if (!parsed) return;
    this.#pools
      .get(networkId)
      ?.find(({ subnet }) => containsAddress(subnet, parsed))
      ?.release(address);
  }

  /** The gateways of a network with their subnets, for its driver. */
  subnets(networkId: string): { subnet: string; gateway: string }[] {
    return (this.#pools.get(networkId) ?? []).map(({ subnet, gateway }) => ({
      subnet: formatCidr(subnet),
      gateway,
    }));
  }

  #inUse(subnet: Cidr): boolean {
    for (const pools of this.#pools.values())
      if (pools.some((pool) => overlaps(pool.subnet, subnet))) return true;
    return false;
  }
}

/** Docker's own pools: 172.17.0.0/16 … 172.31.0.0/16, then 192.168.0.0/20 … */
const dockerPools: readonly { base: string; size: number }[] = [
  { base: "172.17.0.0/16", size: 16 },
  { base: "172.18.0.0/16", size: 16 },
  { base: "172.19.0.0/16", size: 16 },
  { base: "172.20.0.0/14", size: 16 },
  { base: "172.24.0.0/14", size: 16 },
  { base: "172.28.0.0/14", size: 16 },
  { base: "192.168.0.0/16", size: 20 },
];
