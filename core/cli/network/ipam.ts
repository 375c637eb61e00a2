import { parseCidr, subnetContains } from "./subnet.ts";

export interface IpamFlags {
  driver: string;
  subnets: readonly string[];
  ranges: readonly string[];
  gateways: readonly string[];
  auxiliary: Readonly<Record<string, string>>;
  options: Readonly<Record<string, string>>;
}

interface IpamConfig {
  Subnet: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

/** How a network gives out addresses, as the API takes it: each range, gateway and address goes to the subnet it lies in. */
export function ipamOf({ driver, subnets, ranges, gateways, auxiliary, options }: IpamFlags) {
  if (subnets.length < ranges.length || subnets.length < gateways.length) {
    throw new Error("every ip-range or gateway must have a corresponding subnet");
  }
  const configs = new Map<string, IpamConfig>();
  for (const subnet of subnets) {
    for (const other of configs.keys()) {
      if (subnetContains(subnet, other) || subnetContains(other, subnet)) {
        throw new Error("multiple overlapping subnet configuration is not supported");
      }
    }
    configs.set(subnet, { Subnet: subnet });
  }
  const around = (address: string, what: string): IpamConfig[] => {
    const found = subnets
      .filter((subnet) => subnetContains(subnet, address))
      .map((subnet) => configs.get(subnet)!);
    if (found.length === 0) throw new Error(`no matching subnet for ${what} ${address}`);
    return found;
  };
  for (const range of ranges) {
    if (subnets.length > 0) parseCidr(range);
    for (const config of around(range, "range")) {
      if (config.IPRange) {
        throw new Error(
          `cannot configure multiple ranges (${range}, ${config.IPRange}) on the same subnet (${config.Subnet})`,
        );
      }
      config.IPRange = range;
    }
  }
  for (const gateway of gateways) {
    for (const config of around(gateway, "gateway")) {
      if (config.Gateway) {
        throw new Error(
          `cannot configure multiple gateways (${gateway}, ${config.Gateway}) for the same subnet (${config.Subnet})`,
        );
      }
      config.Gateway = gateway;
    }
  }
  for (const [name, address] of Object.entries(auxiliary)) {
    for (const config of around(address, "aux-address"))
      config.AuxiliaryAddresses = { ...config.AuxiliaryAddresses, [name]: address };
  }
  return { Driver: driver, Options: options, Config: [...configs.values()].map(inOrder) };
}

/** Docker writes the fields in this order, whatever came first. */
function inOrder({ Subnet, IPRange, Gateway, AuxiliaryAddresses }: IpamConfig): IpamConfig {
  return {
    Subnet,
    ...(IPRange ? { IPRange } : {}),
    ...(Gateway ? { Gateway } : {}),
    ...(AuxiliaryAddresses ? { AuxiliaryAddresses } : {}),
  };
}
