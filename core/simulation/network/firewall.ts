import { inSubnet } from "./addresses.ts";

/** What is known of a packet when rules look at it. */
export interface PacketView {
  protocol: "tcp" | "udp" | "icmp";
  source: string;
  destination: string;
  destinationPort: number;
  inInterface: string;
  outInterface: string;
  /** The destination is an address of this stack. */
  destinationLocal: boolean;
  established: boolean;
}

export type Table = "filter" | "nat" | "raw";

/** What a packet must be like; what is not given fits all. A leading "!" of a name or subnet is "not". */
export interface RuleMatch {
  inInterface?: string;
  outInterface?: string;
  source?: string;
  destination?: string;
  protocol?: "tcp" | "udp" | "icmp";
  destinationPort?: number;
  destinationLocal?: boolean;
  established?: boolean;
}

export interface Rule {
  match: RuleMatch;
  /** ACCEPT, DROP, REJECT, RETURN, MASQUERADE, DNAT, or a chain's name. */
  target: string;
  /** Of DNAT: "172.17.0.2:80". */
  to?: string;
}

export type Verdict =
  { kind: "ACCEPT" | "DROP" | "REJECT" | "MASQUERADE" } | { kind: "DNAT"; address: string; port: number };

/** iptables' tables, as Docker fills them: chains of rules, each a condition and what then. */
export class Firewall {
  readonly tables: Record<Table, Map<string, Rule[]>> = {
    filter: new Map([["INPUT", []], ["FORWARD", []], ["OUTPUT", []]]),
    nat: new Map([["PREROUTING", []], ["INPUT", []], ["OUTPUT", []], ["POSTROUTING", []]]),
    raw: new Map([["PREROUTING", []], ["OUTPUT", []]]),
  }; // prettier-ignore
  readonly policies = new Map<string, "ACCEPT" | "DROP">();

  chain(table: Table, chain: string): Rule[] {
    let rules = this.tables[table].get(chain);
    if (!rules) this.tables[table].set(chain, (rules = []));
    return rules;
  }

  append(table: Table, chain: string, rule: Rule): void {
    this.chain(table, chain).push(rule);
  }

  insert(table: Table, chain: string, rule: Rule): void {
    this.chain(table, chain).unshift(rule);
  }

  /** Removes the first rule that says the same. */
  remove(table: Table, chain: string, rule: Rule): void {
    const rules = this.chain(table, chain);
    const wanted = ruleText(chain, rule);
    const index = rules.findIndex((each) => ruleText(chain, each) === wanted);
    if (index >= 0) rules.splice(index, 1);
  }

  /** What becomes of a packet in a built-in chain; the chain's policy when no rule decides. */
  decide(table: Table, chain: string, packet: PacketView): Verdict {
    return (
      this.#walk(table, chain, packet, 0) ?? { kind: this.policies.get(`${table} ${chain}`) ?? "ACCEPT" }
    );
  }

  #walk(table: Table, chain: string, packet: PacketView, depth: number): Verdict | undefined {
    if (depth > 16) return undefined;
    for (const rule of this.tables[table].get(chain) ?? []) {
      if (!matches(rule.match, packet)) continue;
      if (rule.target === "RETURN") return undefined;
      if (rule.target === "DNAT") {
        const [address = "", port = "0"] = rule.to!.split(/:(?=\d+$)/);
        return { kind: "DNAT", address, port: Number(port) };
      }
      if (
        rule.target === "ACCEPT" ||
        rule.target === "DROP" ||
        rule.target === "REJECT" ||
        rule.target === "MASQUERADE"
      )
        return { kind: rule.target };
      const verdict = this.#walk(table, rule.target, packet, depth + 1);
      if (verdict) return verdict;
    }
    return undefined;
  }

  /** As iptables-save prints them. */
  save(table: Table): string[] {
    const chains = [...this.tables[table]];
    const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;
    const heads = chains.map(
      ([name]) =>
        `:${name} ${builtIn.test(name) ? (this.policies.get(`${table} ${name}`) ?? "ACCEPT") : "-"} [0:0]`,
    );
    return [
      `*${table}`,
      ...heads,
      ...chains.flatMap(([name, rules]) => rules.map((rule) => ruleText(name, rule))),
      "COMMIT",
    ];
  }
}

function fits(wanted: string | undefined, test: (value: string) => boolean): boolean {
  if (wanted === undefined) return true;
  return wanted.startsWith("!") ? !test(wanted.slice(1)) : test(wanted);
}

function matches(match: RuleMatch, packet: PacketView): boolean {
  return (
    fits(match.inInterface, (name) => name === packet.inInterface) &&
    fits(match.outInterface, (name) => name === packet.outInterface) &&
    fits(match.source, (subnet) => inSubnet(packet.source, subnet)) &&
    fits(match.destination, (subnet) => inSubnet(packet.destination, subnet)) &&
    (match.protocol === undefined || match.protocol === packet.protocol) &&
    (match.destinationPort === undefined || match.destinationPort === packet.destinationPort) &&
    (match.destinationLocal === undefined || match.destinationLocal === packet.destinationLocal) &&
    (match.established === undefined || match.established === packet.established)
  );
}

/** A rule as iptables-save prints it: "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80". */
export function ruleText(chain: string, rule: Rule): string {
  const { match } = rule;
  const words = ["-A", chain];
  const option = (flag: string, value: string | undefined) => {
    if (value === undefined) return;
    if (value.startsWith("!")) words.push("!", flag, value.slice(1));
    else words.push(flag, value);
  };
  option("-s", match.source);
  option("-d", match.destination);
  option("-i", match.inInterface);
  option("-o", match.outInterface);
  if (match.protocol) words.push("-p", match.protocol);
  if (match.established) words.push("-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED");
  if (match.destinationLocal) words.push("-m", "addrtype", "--dst-type", "LOCAL");
  if (match.destinationPort !== undefined)
    words.push("-m", match.protocol ?? "tcp", "--dport", String(match.destinationPort));
  words.push("-j", rule.target);
  if (rule.to) words.push("--to-destination", rule.to);
  return words.join(" ");
}
