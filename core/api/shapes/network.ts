import { stringMap, type Shape } from "../json/decode.ts";
import { endpointSettings } from "./container.ts";

/** The body of POST /networks/create. */
export const networkCreateRequest: Shape = {
  struct: "network.CreateRequest",
  fields: {
    Name: "string",
    Driver: "string",
    Scope: "string",
    EnableIPv4: "bool",
    EnableIPv6: "bool",
    IPAM: {
      struct: "network.IPAM",
      fields: {
        Driver: "string",
        Options: stringMap,
        Config: {
          list: {
            struct: "network.IPAMConfig",
            fields: { Subnet: "string", IPRange: "string", Gateway: "string", AuxiliaryAddresses: stringMap },
          },
        },
      },
    },
    Internal: "bool",
    Attachable: "bool",
    Ingress: "bool",
    ConfigOnly: "bool",
    ConfigFrom: { struct: "network.ConfigReference", fields: { Network: "string" } },
    Options: stringMap,
    Labels: stringMap,
  },
};

/** The body of POST /networks/{id}/connect. */
export const networkConnectRequest: Shape = {
  struct: "network.ConnectOptions",
  fields: { Container: "string", EndpointConfig: endpointSettings },
};

/** The body of POST /networks/{id}/disconnect. */
export const networkDisconnectRequest: Shape = {
  struct: "network.DisconnectOptions",
  fields: { Container: "string", Force: "bool" },
};
