/** Every `ts` block of a README as programs: a block that begins with `// continues` belongs to the one before it. */
export interface Program {
  /** TypeScript, padded with empty lines so that its line numbers are those of the README. */
  readonly source: string;
  /** How many blocks the program is made of. */
  readonly blocks: number;
}

/**
 * Cuts the programs out of a README's text.
 *
 * @throws Error when a block is left open or there is no block to continue
 */
export function programs(text: string, file: string): Program[] {
  const found: { lines: string[]; blocks: number }[] = [];
  let open: { readonly mark: string; readonly runs: boolean } | undefined;
  let first = false;

  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (open === undefined) {
      const fence = /^(`{3,}|~{3,})\s*(\S*)/.exec(line);
      if (fence === null) continue;
      open = { mark: fence[1]!, runs: fence[2] === "ts" };
      first = true;
    } else if (line.trimEnd() === open.mark) {
      open = undefined;
    } else if (open.runs) {
      if (first) begin(line, index);
      first = false;
      const { lines } = found.at(-1)!;
      while (lines.length < index) lines.push("");
      lines.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${file}: the last code block is not closed`);
  return found.map(({ lines, blocks }) => ({ source: lines.join("\n"), blocks }));

  function begin(line: string, index: number): void {
    if (line.trim() !== "// continues") {
      found.push({ lines: [], blocks: 1 });
      return;
    }
    const previous = found.at(-1);
    if (previous === undefined) throw new Error(`${file}:${index + 1}: there is no ts block before this to continue`);
    previous.blocks++;
  }
}
