import { parse, type Comment, type ImportDeclaration, type Node, type Program } from "acorn";
import { transform } from "sucrase";

/** What a translated program calls: the names are those of its parameters. */
export const parameters: readonly string[] = ["$import", "$check"];

/**
 * Turns a TypeScript program into the body of an async function: types are removed, imports call
 * `$import(module, line)`, and `expression; // -> literal` calls `$check(expression, literal, line)`.
 *
 * @throws Error for a `// ->` that follows neither an expression nor a const at the top level, and for wrong syntax
 */
export function translate(source: string, file: string): { body: string; assertions: number } {
  const comments: Comment[] = [];
  const { code, program } = read(source, file, comments);

  const edits: Edit[] = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") edits.push({ node, text: imports(node) });
  }
  const expectations = comments.filter(({ type, value }) => type === "Line" && value.trimStart().startsWith("->"));
  for (const comment of expectations) {
    const line = comment.loc!.start.line;
    const literal = comment.value.trimStart().slice(2).trim();
    const statement = program.body.findLast(({ loc, end }) => loc!.end.line === line && end <= comment.start);
    const checked = statement && check(statement, code, `${JSON.stringify(literal)}, ${line}`);
    if (checked === undefined) {
      throw new Error(`${file}:${line}: "// ->" must follow an expression or a const at the top level of its block`);
    }
    edits.push({ node: statement!, text: checked });
  }
  return { body: apply(edits, code), assertions: expectations.length };
}

function read(source: string, file: string, comments: Comment[]): { code: string; program: Program } {
  try {
    const { code } = transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      // an import that is not used must exist all the same
      keepUnusedImports: true,
    });
    const program = parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowAwaitOutsideFunction: true,
      locations: true,
      onComment: comments,
    });
    return { code, program };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

interface Edit {
  readonly node: Node;
  readonly text: string;
}

function check(statement: Program["body"][number], code: string, rest: string): string | undefined {
  const text = (node: Node): string => code.slice(node.start, node.end);
  if (statement.type === "ExpressionStatement") {
    return `await $check((${text(statement.expression)}), ${rest});`;
  }
  if (statement.type !== "VariableDeclaration") return undefined;
  const { id } = statement.declarations.at(-1)!;
  return id.type === "Identifier" ? `${text(statement)}; await $check(${id.name}, ${rest});` : undefined;
}

function imports(node: ImportDeclaration): string {
  const from = `$import(${JSON.stringify(node.source.value)}, ${node.loc!.start.line}, [`;
  const named: string[] = [];
  const wanted: string[] = [];
  let whole: string | undefined;
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportNamespaceSpecifier") {
      whole = specifier.local.name;
      continue;
    }
    const { type, local } = specifier;
    const name =
      type === "ImportDefaultSpecifier"
        ? "default"
        : String(specifier.imported.type === "Literal" ? specifier.imported.value : specifier.imported.name);
    wanted.push(JSON.stringify(name));
    named.push(`${JSON.stringify(name)}: ${local.name}`);
  }
  const target = whole ?? `{ ${named.join(", ")} }`;
  return `const ${target} = ${from}${wanted.join(", ")}]);`;
}

function apply(edits: readonly Edit[], code: string): string {
  return edits
    .toSorted((a, b) => b.node.start - a.node.start)
    .reduce((text, { node, text: replacement }) => {
      // what follows keeps its line
      const lines = code.slice(node.start, node.end).split("\n").length - replacement.split("\n").length;
      return text.slice(0, node.start) + replacement + "\n".repeat(Math.max(0, lines)) + text.slice(node.end);
    }, code);
}
