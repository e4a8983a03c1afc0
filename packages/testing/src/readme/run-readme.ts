import { matches } from "./matches.ts";
import { programs } from "./programs.ts";
import { show } from "./show.ts";

/** What a README's programs may import. */
export interface RunReadmeOptions {
  /** Module name to namespace object, as `{ "@ganglion/tensor": await import("@ganglion/tensor") }`. */
  readonly imports?: Readonly<Record<string, unknown>>;
}

/** How much of a README ran. */
export interface ReadmeReport {
  /** Blocks that ran to their end. */
  readonly blocks: number;
  /** `// ->` lines that held. */
  readonly assertions: number;
}

/**
 * Runs every `ts` block of a README and checks what it prints.
 *
 * Blocks share nothing unless one begins with the line `// continues`. A line `expression; // -> literal`, at the top
 * level of a block, is an assertion, and so is `const name = expression; // -> literal`; promises are awaited, numbers
 * are compared to the printed precision. Needs Node.js, since it reads the file.
 *
 * @param readme path or file URL
 * @throws Error that begins with `README.md:LINE:` when an assertion fails, a block throws, an import is not in `imports`
 *   or lacks a name, or when there is no `ts` block at all
 */
export async function runReadme(readme: string | URL, { imports = {} }: RunReadmeOptions = {}): Promise<ReadmeReport> {
  const { readFile } = await import("node:fs/promises");
  const { parameters, translate } = await import("./translate.ts");
  const { readLiteral } = await import("./literal.ts");

  const file = String(readme).split(/[/\\]/).at(-1)!;
  const found = programs(await readFile(readme, "utf8"), file);
  if (found.length === 0) throw new Error(`${file}: there is no ts block to run`);

  let assertions = 0;
  for (const { source } of found) {
    const { body, assertions: promised } = translate(source, file);
    const run = AsyncFunction(...parameters, body);
    await run(importModule, check).catch((error: unknown) => {
      if (error instanceof ReadmeError) throw error;
      throw new Error(`${file}:${lineOf(source)}: the block that begins here throws: ${String(error)}`, {
        cause: error,
      });
    });
    assertions += promised;
  }
  return { blocks: found.reduce((sum, { blocks }) => sum + blocks, 0), assertions };

  function importModule(name: string, line: number, wanted: readonly string[]): unknown {
    const module = Object.hasOwn(imports, name) ? imports[name] : undefined;
    if (typeof module !== "object" || module === null) {
      const known = Object.keys(imports).join(", ") || "nothing";
      throw new ReadmeError(`${file}:${line}: imports "${name}", but runReadme was given ${known}`);
    }
    for (const exported of wanted) {
      if (!(exported in module)) throw new ReadmeError(`${file}:${line}: "${name}" has no export "${exported}"`);
    }
    return module;
  }

  async function check(actual: unknown, literal: string, line: number): Promise<void> {
    const value = await actual;
    if (matches(value, readLiteral(literal))) return;
    throw new ReadmeError(`${file}:${line}: expected ${literal}, received ${show(value)}`);
  }
}

/** A mistake of the README's, told with its line. */
class ReadmeError extends Error {
  override readonly name = "ReadmeError";
}

const AsyncFunction = (async () => undefined).constructor as (
  ...parametersAndBody: readonly string[]
) => (...values: readonly unknown[]) => Promise<unknown>;

function lineOf(source: string): number {
  return source.split("\n").findIndex((line) => line.trim() !== "") + 1;
}
