import type { ContainerStore } from "../containers/store.ts";
import type { ContainerRecord } from "../containers/record.ts";
import type { NameResolver } from "./driver.ts";
import { dnsNames } from "./names.ts";
import type { NetworkStore } from "./store.ts";

/** Docker's embedded DNS: containers find each other by name on the networks that both are on. */
export class ContainerNames implements NameResolver {
  readonly #containers: ContainerStore;
  readonly #networks: NetworkStore;
  readonly #sandboxes: ReadonlyMap<string, string>;

  constructor(containers: ContainerStore, networks: NetworkStore, sandboxes: ReadonlyMap<string, string>) {
    this.#containers = containers;
    this.#networks = networks;
    this.#sandboxes = sandboxes;
  }

  resolve(sandbox: string, name: string, family: 4 | 6): string[] | undefined {
    const asking = this.#containers.get(this.#sandboxes.get(sandbox) ?? "")?.record;
    if (!asking) return undefined;
    const plain = name.replace(/\.$/, "").toLowerCase();
    for (const [networkName, { networkId, request, endpoint }] of Object.entries(asking.networks)) {
      if (!endpoint || predefined(networkName)) continue;
      const wanted = plain.endsWith(`.${networkName.toLowerCase()}`)
        ? plain.slice(0, -networkName.length - 1)
        : plain;
      const linked = this.#linked(request.Links ?? [], wanted);
      const found = linked
        ? this.#address(linked, networkName, family)
        : this.#networks.members(networkId).flatMap(({ containerId }) => {
            const member = this.#containers.get(containerId)?.record;
            if (!member || !dnsNames(member, networkName).some((known) => known.toLowerCase() === wanted))
              return [];
            return this.#address(member, networkName, family) ?? [];
          });
      if (found && found.length > 0) return found;
    }
    return undefined;
  }

  reverse(sandbox: string, address: string): string | undefined {
    const asking = this.#containers.get(this.#sandboxes.get(sandbox) ?? "")?.record;
    for (const [networkName, { networkId, endpoint }] of Object.entries(asking?.networks ?? {})) {
      if (!endpoint || predefined(networkName)) continue;
      for (const { containerId, containerName } of this.#networks.members(networkId)) {
        const other = this.#containers.get(containerId)?.record.networks[networkName]?.endpoint;
        if (other && (other.address === address || other.address6 === address))
          return `${containerName}.${networkName}`;
      }
    }
    return undefined;
  }

  #linked(links: readonly string[], alias: string): ContainerRecord | undefined {
    for (const link of links) {
      const [target = "", name = target] = link.split(":");
      if (name.toLowerCase() !== alias) continue;
      const container = this.#containers.byName(target) ?? this.#containers.get(target);
      if (container) return container.record;
    }
    return undefined;
  }

  #address(record: ContainerRecord, networkName: string, family: 4 | 6): string[] | undefined {
    const endpoint = record.networks[networkName]?.endpoint;
    const address = family === 4 ? endpoint?.address : endpoint?.address6;
    return address ? [address] : undefined;
  }
}

function predefined(networkName: string): boolean {
  return ["bridge", "host", "none"].includes(networkName);
}
