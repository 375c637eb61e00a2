const DIRECTIVES = ["syntax", "escape", "check"];

/**
 * Reads the directives at the top of a Dockerfile ("# escape=`"), line by line. They end at the first line that is
 * none; what looks like one after that is a comment.
 */
export class DirectiveReader {
  escape = "\\";
  #seen = new Set<string>();
  #over = false;

  /** Takes the next line in. Throws an Error with Docker's text. */
  read(line: string): void {
    if (this.#over) return;
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (!match || !name || !DIRECTIVES.includes(name)) {
      this.#over = true;
      return;
    }
    if (this.#seen.has(name)) throw new Error(`only one ${name} parser directive can be used`);
    this.#seen.add(name);
    if (name !== "escape") return;
    const value = match[2]!;
    if (value !== "`" && value !== "\\")
      throw new Error(`invalid escape token '${value}' does not match \` or \\`);
    this.escape = value;
  }
}
