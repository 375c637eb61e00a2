import { bool, int, json, map, omitempty, slice, string, struct } from "../../template/gotype.ts";
import { time } from "./time.ts";

const ipamConfig = struct("network.IPAMConfig", {
  Subnet: omitempty(string),
  IPRange: omitempty(string),
  Gateway: omitempty(string),
  AuxAddress: omitempty(map(string, string), "AuxiliaryAddresses"),
});

const ipam = struct("network.IPAM", {
  Driver: string,
  Options: map(string, string),
  Config: slice(ipamConfig),
});

const endpoint = struct("network.EndpointResource", {
  Name: string,
  EndpointID: string,
  MacAddress: string,
  IPv4Address: string,
  IPv6Address: string,
});

const task = struct("network.Task", {
  Name: string,
  EndpointID: string,
  EndpointIP: string,
  Info: map(string, string),
});

const service = struct("network.ServiceInfo", {
  VIP: string,
  Ports: slice(string),
  LocalLBIndex: int,
  Tasks: slice(task),
});

/** What `docker network inspect` reads a network into. */
export const networkInspect = struct("network.Inspect", {
  Name: string,
  ID: json("Id", string),
  Created: time,
  Scope: string,
  Driver: string,
  EnableIPv4: bool,
  EnableIPv6: bool,
  IPAM: ipam,
  Internal: bool,
  Attachable: bool,
  Ingress: bool,
  ConfigFrom: struct("network.ConfigReference", { Network: string }),
  ConfigOnly: bool,
  Containers: map(string, endpoint),
  Options: map(string, string),
  Labels: map(string, string),
  Peers: omitempty(slice(struct("network.PeerInfo", { Name: string, IP: string }))),
  Services: omitempty(map(string, service)),
});
