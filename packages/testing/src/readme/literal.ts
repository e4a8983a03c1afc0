import { parseExpressionAt, type Expression } from "acorn";

/** What a README prints after `// ->`. */
export type Literal =
  /** `decimals` is how many are printed; undefined for a number without a decimal point, which is meant exactly. */
  | { readonly kind: "number"; readonly value: number; readonly decimals: number | undefined }
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "list"; readonly elements: readonly Literal[] }
  | { readonly kind: "record"; readonly properties: ReadonlyMap<string, Literal> };

/**
 * Reads a number, bigint, text, boolean, null, undefined, NaN, Infinity, or a list or record of these.
 *
 * @throws Error when `text` is anything else
 */
export function readLiteral(text: string): Literal {
  try {
    const expression = parseExpressionAt(text, 0, { ecmaVersion: "latest" });
    if (text.slice(expression.end).trim() === "") return literal(expression);
  } catch {
    // told below, in the README's terms
  }
  throw new Error(`cannot compare with ${JSON.stringify(text)}: write a literal`);
}

function literal(node: Expression): Literal {
  switch (node.type) {
    case "Literal":
      if (node.regex) break;
      if (typeof node.value !== "number") return { kind: "constant", value: node.value };
      return { kind: "number", value: node.value, decimals: decimals(node.raw!) };
    case "Identifier":
      if (!constants.has(node.name)) break;
      return { kind: "constant", value: constants.get(node.name) };
    case "UnaryExpression":
      if (node.operator !== "-") break;
      return negative(literal(node.argument));
    case "ArrayExpression":
      return { kind: "list", elements: node.elements.map((element) => literal(element as Expression)) };
    case "ObjectExpression": {
      const properties = node.properties.map((property): [string, Literal] => {
        if (property.type === "SpreadElement" || property.computed) throw new Error("not a literal");
        const { key, value } = property;
        return [key.type === "Identifier" ? key.name : String((key as { value?: unknown }).value), literal(value)];
      });
      return { kind: "record", properties: new Map(properties) };
    }
    default:
  }
  throw new Error("not a literal");
}

const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

function negative(of: Literal): Literal {
  if (of.kind === "number") return { ...of, value: -of.value };
  if (of.kind === "constant" && typeof of.value === "bigint") return { ...of, value: -of.value };
  if (of.kind === "constant" && typeof of.value === "number") return { ...of, value: -of.value };
  throw new Error("not a literal");
}

/** 2 for `1.25`, 5 for `1.25e-3`. */
function decimals(raw: string): number | undefined {
  const parts = /^\d*\.(\d+)(?:e([+-]?\d+))?$/i.exec(raw);
  return parts === null ? undefined : parts[1]!.length - Number(parts[2] ?? 0);
}
