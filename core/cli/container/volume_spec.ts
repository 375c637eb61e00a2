/** What one -v says: a source (absent for an anonymous volume), whether that is a path of the host, and where it is mounted. */
export interface VolumeSpec {
  source: string;
  target: string;
  isBind: boolean;
}

/** Reads "[SOURCE:]TARGET[:OPTIONS]". Throws docker's texts. */
export function parseVolumeSpec(spec: string): VolumeSpec {
  if (spec === "") throw new Error("invalid empty volume spec");
  if (spec.length <= 2) return { source: "", target: spec, isBind: false };
  const sections = splitSections(spec);
  let source = "";
  let target = "";
  for (const [at, section] of sections.entries()) {
    const invalid = (reason: string) => new Error(`invalid spec: ${spec}: ${reason}`);
    const last = at === sections.length - 1;
    if (section === "") throw invalid("empty section between colons");
    if (source === "" && last) target = section;
    else if (source === "") source = section;
    else if (target === "") target = section;
    else if (!last) throw invalid("too many colons");
  }
  return { source, target, isBind: source !== "" && isFilePath(source) };
}

/** The parts between colons; the colon of a Windows drive ("c:\\") is none. */
function splitSections(spec: string): string[] {
  const sections: string[] = [];
  let section = "";
  for (const character of spec) {
    if (character !== ":" || /^\p{L}$/u.test(section)) section += character;
    else {
      sections.push(section);
      section = "";
    }
  }
  return [...sections, section];
}

function isFilePath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^\p{L}:/u.test(source);
}
