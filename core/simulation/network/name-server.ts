import {
  encodeResponse,
  parseQuery,
  recordType,
  responseCode,
  reversedAddress,
  type Answer,
  type Question,
} from "./dns.ts";
import type { Internet, InternetHost } from "./internet.ts";

/** Whoever knows names: undefined where it does not know the name at all. */
export interface NameSource {
  resolve(name: string, family: 4 | 6): string[] | undefined;
  reverse(address: string): string | undefined;
}

/** The answer of a name source to a query; undefined when it does not know the name. */
export function answerFrom(source: NameSource, question: Question): Answer[] | undefined {
  if (question.type === recordType.PTR) {
    const address = reversedAddress(question.name);
    const name = address && source.reverse(address);
    return name ? [{ name }] : undefined;
  }
  const four = source.resolve(question.name, 4);
  const six = source.resolve(question.name, 6);
  if (!four && !six) return undefined;
  const wanted =
    question.type === recordType.AAAA
      ? six
      : question.type === recordType.A
        ? four
        : question.type === recordType.ANY
          ? [...(four ?? []), ...(six ?? [])]
          : [];
  return (wanted ?? []).map((address) => ({ address }));
}

/** A name server of the simulated internet: it knows every host that is registered there. */
export function nameServer(
  internet: Internet,
  addresses: readonly string[],
  names: readonly string[] = ["dns.example"],
): InternetHost {
  return {
    names,
    addresses,
    udp: (port) => (port === 53 ? (query) => answerQuery(internet, query) : undefined),
  };
}

function answerQuery(internet: Internet, query: Uint8Array): Uint8Array | null {
  const question = parseQuery(query);
  if (!question) return null;
  const answers = answerFrom(internet, question);
  return encodeResponse(question, answers ?? [], {
    code: answers ? responseCode.ok : responseCode.noSuchName,
    ttl: 300,
  });
}
