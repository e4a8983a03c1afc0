import { parseExpressionAt, type Expression } from "acorn";

/**
 * Whether a value is what a README prints.
 *
 * Arrays and records are compared deeply; an array literal also stands for a typed array. A number with a decimal point
 * stands for every number that rounds to it (`0.33` for 1/3), one without stands for itself.
 *
 * @param literal number, bigint, text, boolean, null, undefined, NaN, Infinity, array or record literal
 * @throws Error when `literal` is something else
 */
export function matches(value: unknown, literal: string): boolean {
  const unreadable = (): Error => new Error(`cannot compare with ${JSON.stringify(literal)}: write a literal`);
  let expression: Expression;
  try {
    expression = parseExpressionAt(literal, 0, { ecmaVersion: "latest" });
  } catch {
    throw unreadable();
  }
  if (expression.end !== literal.trimEnd().length) throw unreadable();
  return same(value, expression);

  function same(actual: unknown, node: Expression): boolean {
    switch (node.type) {
      case "Literal":
        if (node.regex) throw unreadable();
        return typeof node.value === "number" ? near(actual, node.value, node.raw!) : Object.is(actual, node.value);
      case "UnaryExpression": {
        const { operator, argument } = node;
        if (operator !== "-") throw unreadable();
        if (typeof actual === "bigint") return actual !== 0n && same(-actual, argument);
        return (
          typeof actual === "number" &&
          (actual !== 0 || Object.is(actual, -0) || rounds(argument)) &&
          same(-actual, argument)
        );
      }
      case "Identifier":
        if (!constants.has(node.name)) throw unreadable();
        return Object.is(actual, constants.get(node.name));
      case "ArrayExpression": {
        if (!isList(actual) || actual.length !== node.elements.length) return false;
        return node.elements.every((element, index) => {
          if (element === null || element.type === "SpreadElement") throw unreadable();
          return same(actual[index], element);
        });
      }
      case "ObjectExpression": {
        const properties = node.properties.map((property): [string, Expression] => {
          if (property.type === "SpreadElement" || property.computed || property.kind !== "init") throw unreadable();
          const { key } = property;
          if (key.type === "Identifier") return [key.name, property.value];
          if (key.type === "Literal") return [String(key.value), property.value];
          throw unreadable();
        });
        if (typeof actual !== "object" || actual === null || isList(actual)) return false;
        const names = Object.keys(actual);
        return (
          names.length === properties.length &&
          properties.every(
            ([name, expected]) => names.includes(name) && same(actual[name as keyof typeof actual], expected),
          )
        );
      }
      default:
        throw unreadable();
    }
  }
}

const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** Whether a number literal has a decimal point, so that nearby numbers round to it. */
function rounds(node: Expression): boolean {
  return node.type === "Literal" && digitsAfterPoint(node.raw ?? "") !== undefined;
}

function near(actual: unknown, expected: number, raw: string): boolean {
  if (typeof actual !== "number") return false;
  const decimals = digitsAfterPoint(raw);
  if (decimals === undefined) return actual === expected;
  const half = 0.5 * 10 ** -decimals;
  // the few last bits allow for the literal itself being rounded
  return Math.abs(actual - expected) <= half + 2 * Number.EPSILON * Math.abs(expected);
}

/** Decimals that `1.25` (2) or `1.25e-3` (5) print; none for `125` or `1e3`, which are meant exactly. */
function digitsAfterPoint(raw: string): number | undefined {
  const parts = /^\d*\.(\d+)(?:e([+-]?\d+))?$/i.exec(raw);
  return parts === null ? undefined : parts[1]!.length - Number(parts[2] ?? 0);
}
