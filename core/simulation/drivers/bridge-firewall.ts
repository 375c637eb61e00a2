import type { EndpointSpec, NetworkSpec, PortMapping } from "../../networks/driver.ts";
import type { Trace } from "../../steps/trace.ts";
import { ruleText, type Rule, type RuleMatch, type Table } from "../network/firewall.ts";
import type { NetNamespace } from "../network/net-namespace.ts";

/** The rules that Docker 28 keeps in the host's firewall for its bridge networks, in its chains. */
export class BridgeFirewall {
  readonly #host: NetNamespace;
  /** Bridge of each endpoint, by identifier. */
  readonly #bridges = new Map<string, string>();

  constructor(host: NetNamespace) {
    this.#host = host;
    const { firewall } = host;
    firewall.policies.set("filter FORWARD", "DROP");
    for (const chain of [
      "DOCKER",
      "DOCKER-BRIDGE",
      "DOCKER-CT",
      "DOCKER-FORWARD",
      "DOCKER-ISOLATION-STAGE-1",
      "DOCKER-ISOLATION-STAGE-2",
      "DOCKER-USER",
    ]) {
      firewall.chain("filter", chain);
    }
    firewall.chain("nat", "DOCKER");
    const jump = (chain: string, target: string) => firewall.append("filter", chain, { match: {}, target });
    jump("FORWARD", "DOCKER-USER");
    jump("FORWARD", "DOCKER-FORWARD");
    jump("DOCKER-FORWARD", "DOCKER-CT");
    jump("DOCKER-FORWARD", "DOCKER-ISOLATION-STAGE-1");
    jump("DOCKER-FORWARD", "DOCKER-BRIDGE");
    firewall.append("nat", "PREROUTING", { match: { destinationLocal: true }, target: "DOCKER" });
    firewall.append("nat", "OUTPUT", {
      match: { destination: "!127.0.0.0/8", destinationLocal: true },
      target: "DOCKER",
    });
  }

  addNetwork(network: NetworkSpec, trace?: Trace): void {
    for (const [table, chain, rule] of rulesOf(network)) {
      // The last rule of DOCKER drops what no published port let in: others come before it.
      this.#host.firewall.append(table, chain, rule);
      trace?.note("network", "add firewall rule", { table, rule: ruleText(chain, rule) });
    }
  }

  removeNetwork(network: NetworkSpec, trace?: Trace): void {
    for (const [table, chain, rule] of rulesOf(network)) this.#remove(table, chain, rule, trace);
  }

  addEndpoint(network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): void {
    this.#bridges.set(endpoint.id, network.bridgeName);
    const rule = directAccess(network, endpoint);
    if (rule) this.#insert("raw", "PREROUTING", rule, trace);
  }

  removeEndpoint(network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): void {
    const rule = directAccess(network, endpoint);
    if (rule) this.#remove("raw", "PREROUTING", rule, trace);
    this.#bridges.delete(endpoint.id);
  }

  publish(endpoint: EndpointSpec, mapping: PortMapping, trace?: Trace): void {
    for (const [table, chain, rule] of this.#portRules(endpoint, mapping)) {
      if (table === "filter") this.#insert(table, chain, rule, trace);
      else {
        this.#host.firewall.append(table, chain, rule);
        trace?.note("network", "add firewall rule", { table, rule: ruleText(chain, rule) });
      }
    }
  }

  unpublish(endpoint: EndpointSpec, mapping: PortMapping, trace?: Trace): void {
    for (const [table, chain, rule] of this.#portRules(endpoint, mapping))
      this.#remove(table, chain, rule, trace);
  }

  #portRules(endpoint: EndpointSpec, mapping: PortMapping): [Table, string, Rule][] {
    const bridge = this.#bridges.get(endpoint.id);
    if (!bridge || mapping.protocol === "sctp" || mapping.hostIp.includes(":")) return [];
    const address = endpoint.address.split("/")[0]!;
    const { protocol } = mapping;
    const dnat: RuleMatch = { inInterface: `!${bridge}`, protocol, destinationPort: mapping.hostPort };
    if (mapping.hostIp !== "0.0.0.0" && mapping.hostIp !== "") dnat.destination = `${mapping.hostIp}/32`;
    return [
      ["nat", "DOCKER", { match: dnat, target: "DNAT", to: `${address}:${mapping.containerPort}` }],
      [
        "filter",
        "DOCKER",
        {
          match: {
            destination: `${address}/32`,
            inInterface: `!${bridge}`,
            outInterface: bridge,
            protocol,
            destinationPort: mapping.containerPort,
          },
          target: "ACCEPT",
        },
      ],
    ];
  }

  #insert(table: Table, chain: string, rule: Rule, trace?: Trace): void {
    this.#host.firewall.insert(table, chain, rule);
    trace?.note("network", "add firewall rule", { table, rule: ruleText(chain, rule).replace("-A", "-I") });
  }

  #remove(table: Table, chain: string, rule: Rule, trace?: Trace): void {
    this.#host.firewall.remove(table, chain, rule);
    trace?.note("network", "delete firewall rule", {
      table,
      rule: ruleText(chain, rule).replace("-A", "-D"),
    });
  }
}

/** Docker 28 lets nobody but the bridge's own containers (and the host) reach a container's address directly. */
function directAccess(network: NetworkSpec, endpoint: EndpointSpec): Rule | undefined {
  const address = endpoint.address.split("/")[0];
  if (!address || network.options["com.docker.network.bridge.gateway_mode_ipv4"]) return undefined;
  return { match: { destination: `${address}/32`, inInterface: `!${network.bridgeName}` }, target: "DROP" };
}

function rulesOf(network: NetworkSpec): [Table, string, Rule][] {
  const bridge = network.bridgeName;
  const rules: [Table, string, Rule][] = [];
  const filter = (chain: string, match: RuleMatch, target: string) =>
    rules.push(["filter", chain, { match, target }]);
  const icc = network.options["com.docker.network.bridge.enable_icc"] !== "false";
  const masquerade = network.options["com.docker.network.bridge.enable_ip_masquerade"] !== "false";
  if (network.internal) {
    for (const { subnet } of network.subnets) {
      filter("DOCKER-ISOLATION-STAGE-1", { destination: `!${subnet}`, inInterface: bridge }, "DROP");
      filter("DOCKER-ISOLATION-STAGE-1", { source: `!${subnet}`, outInterface: bridge }, "DROP");
    }
  } else {
    filter(
      "DOCKER-ISOLATION-STAGE-1",
      { inInterface: bridge, outInterface: `!${bridge}` },
      "DOCKER-ISOLATION-STAGE-2",
    );
    filter("DOCKER-ISOLATION-STAGE-2", { outInterface: bridge }, "DROP");
  }
  filter("DOCKER-CT", { outInterface: bridge, established: true }, "ACCEPT");
  filter("DOCKER-BRIDGE", { outInterface: bridge }, "DOCKER");
  if (!icc) filter("DOCKER-FORWARD", { inInterface: bridge, outInterface: bridge }, "DROP");
  filter("DOCKER-FORWARD", { inInterface: bridge }, "ACCEPT");
  filter("DOCKER", { inInterface: `!${bridge}`, outInterface: bridge }, "DROP");
  if (!network.internal && masquerade) {
    for (const { subnet } of network.subnets) {
      if (!subnet.includes(":"))
        rules.push([
          "nat",
          "POSTROUTING",
          { match: { source: subnet, outInterface: `!${bridge}` }, target: "MASQUERADE" },
        ]);
    }
  }
  rules.push(["nat", "DOCKER", { match: { inInterface: bridge }, target: "RETURN" }]);
  return rules;
}
