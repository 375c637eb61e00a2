import { invalidParameter, notFound } from "../errors/errors.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import { Mutex } from "../platform/mutex.ts";
import type { NetworkSpec } from "./driver.ts";
import { Ipam } from "./ipam.ts";
import { bridgeName, type NetworkRecord } from "./record.ts";

const table = "networks";

/** A container's place on a network, for docker network inspect. */
export interface NetworkMember {
  containerId: string;
  containerName: string;
  endpointId: string;
  macAddress: string;
  /** With prefix length. */
  address: string;
  address6: string;
}

/** Every network, who is on it, and the addresses that are taken. */
export class NetworkStore {
  readonly ipam: Ipam;
  /** Creating, removing, connecting: one at a time. */
  readonly lock = new Mutex();
  readonly #byId = new Map<string, NetworkRecord>();
  readonly #members = new Map<string, Map<string, NetworkMember>>();
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore, pools: readonly { base: string; size: number }[]) {
    this.#metadata = metadata;
    this.ipam = new Ipam(pools);
    for (const [id, value] of metadata.load(table)) {
      const record = JSON.parse(value as string) as NetworkRecord;
      this.#byId.set(id, record);
      this.ipam.add(id, record.subnets);
    }
  }

  all(): NetworkRecord[] {
    return [...this.#byId.values()];
  }

  byName(name: string): NetworkRecord | undefined {
    for (const network of this.#byId.values()) if (network.name === name) return network;
    return undefined;
  }

  get(id: string): NetworkRecord | undefined {
    return this.#byId.get(id);
  }

  /**
   * By full identifier, name or the beginning of an identifier.
   * Throws notFound "network x not found", or invalidParameter for a beginning that several have.
   */
  resolve(networkRef: string): NetworkRecord {
    const exact = this.#byId.get(networkRef) ?? this.byName(networkRef);
    if (exact) return exact;
    const found = networkRef === "" ? [] : this.all().filter(({ id }) => id.startsWith(networkRef));
    if (found.length > 1)
      throw invalidParameter(
        `network ${networkRef} is ambiguous (${found.length} matches found based on ID prefix)`,
      );
    if (found[0]) return found[0];
    throw notFound(`network ${networkRef} not found`, { network: networkRef });
  }

  /** Takes a network in, its addresses first. */
  add(network: NetworkRecord): void {
    this.ipam.add(network.id, network.subnets);
    this.#byId.set(network.id, network);
    this.#metadata.transaction([{ table, key: network.id, value: JSON.stringify(network) }]);
  }

  delete(network: NetworkRecord): void {
    this.ipam.remove(network.id);
    this.#byId.delete(network.id);
    this.#members.delete(network.id);
    this.#metadata.transaction([{ table, key: network.id, value: undefined }]);
  }

  /** Who is on a network now. */
  members(networkId: string): NetworkMember[] {
    return [...(this.#members.get(networkId)?.values() ?? [])];
  }

  join(networkId: string, member: NetworkMember): void {
    let members = this.#members.get(networkId);
    if (!members) this.#members.set(networkId, (members = new Map()));
    members.set(member.containerId, member);
  }

  leave(networkId: string, containerId: string): void {
    this.#members.get(networkId)?.delete(containerId);
  }

  /** The network as its driver knows it. */
  spec(network: NetworkRecord): NetworkSpec {
    return {
      id: network.id,
      name: network.name,
      driver: network.driver,
      options: network.options,
      internal: network.internal,
      enableIPv4: network.enableIPv4,
      enableIPv6: network.enableIPv6,
      subnets: this.ipam.subnets(network.id),
      bridgeName: bridgeName(network),
    };
  }
}
