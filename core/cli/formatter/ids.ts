/** The short form of an identifier: twelve digits, without "sha256:". */
export function truncateId(id: string): string {
  const digits = id.includes(":") ? id.slice(id.indexOf(":") + 1) : id;
  return digits.slice(0, 12);
}
