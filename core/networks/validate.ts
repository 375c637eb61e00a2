import { invalidParameter } from "../errors/errors.ts";
import { containsAddress, formatCidr, parseAddress, parseCidr } from "./address.ts";
import type { IpamConfig } from "./ipam.ts";

/** Checks what docker network create says of addresses. Throws invalidParameter with every fault, as Docker lists them. */
export function validateIpam(configs: readonly IpamConfig[]): void {
  const faults: string[] = [];
  for (const config of configs) {
    const written = config.Subnet ?? "";
    const subnet = parseCidr(written);
    if (!subnet) {
      faults.push(`invalid subnet ${written}: invalid CIDR block notation`);
      continue;
    }
    if (subnet.base !== subnet.address)
      faults.push(`invalid subnet ${written}: it should be ${formatCidr(subnet)}`);
    if (config.IPRange) {
      const range = parseCidr(config.IPRange);
      if (!range) faults.push(`invalid ip-range ${config.IPRange}: invalid CIDR block notation`);
      else if (
        range.prefix < subnet.prefix ||
        !containsAddress(subnet, { family: range.family, address: range.base })
      ) {
        const why =
          range.prefix < subnet.prefix && containsAddress(range, subnet)
            ? "CIDR block is bigger than its parent subnet"
            : "parent subnet";
        faults.push(
          why === "parent subnet"
            ? `invalid ip-range ${config.IPRange}: parent subnet ${written} doesn't contain ip-range`
            : `invalid ip-range ${config.IPRange}: ${why} ${written}`,
        );
      } else if (range.base !== range.address)
        faults.push(`invalid ip-range ${config.IPRange}: it should be ${formatCidr(range)}`);
    }
    if (config.Gateway)
      faults.push(...addressFault(`gateway ${config.Gateway}`, config.Gateway, subnet, written));
    for (const [name, address] of Object.entries(config.AuxiliaryAddresses ?? {}))
      faults.push(...addressFault(`auxiliary address ${name}`, address, subnet, written));
  }
  if (faults.length > 0)
    throw invalidParameter(
      faults.length === 1
        ? `invalid network config:\n${faults[0]}`
        : `invalid network config:\n${faults.map((fault) => `* ${fault}`).join("\n")}`,
    );
}

function addressFault(
  what: string,
  address: string,
  subnet: NonNullable<ReturnType<typeof parseCidr>>,
  written: string,
): string[] {
  const parsed = parseAddress(address);
  if (!parsed) return [`invalid ${what}: invalid address`];
  if (!containsAddress(subnet, parsed))
    return [`invalid ${what}: parent subnet ${written} doesn't contain this address`];
  return [];
}
