import type { Frame, Solution } from "@ganglion/models";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { explain, UsageError } from "../src/errors.ts";
import { expressionOf, operandsOf } from "../src/expression.ts";
import { percent } from "../src/render/percent.ts";
import { letter, power, settlingSteps, spread } from "../src/render/places.ts";
import { renderShow } from "../src/render/show.ts";
import { renderRows, renderTable } from "../src/render/table.ts";
import { up } from "../src/terminal/animate.ts";
import { describe as describeProgress, progress } from "../src/terminal/progress.ts";
import { coloured, plain, styleFor, widthOf, withoutColour } from "../src/terminal/style.ts";

const frames: readonly Frame[] = [
  { step: 1, digits: [0, 1, 0], experts: [[0, 3], [2, 1], []] },
  { step: 2, digits: [0, 0, 0], experts: [[], [5, 0], [1, 2]] },
  { step: 3, digits: [0, 0, 1], experts: [[3, 0], [], [1, 4]] },
  { step: 4, digits: [0, 0, 1], experts: [[], [], []] },
];

const solution: Solution = {
  answer: "100",
  operands: ["99", "1"],
  operation: "add",
  exchanged: false,
  cells: 3,
  steps: 4,
  schedule: "bernoulli(0.5)",
  votes: ["100"],
  frames,
};

describe("renderShow", () => {
  test("draws places as columns, who fired, and when each digit settled", () => {
    const lines = renderShow(solution, "ripple, seed 0", { style: plain, width: 80 });
    expect(lines.join("\n")).toBe(
      [
        "99 + 1",
        "ripple, seed 0, 3 cells, bernoulli(0.5), 4 steps",
        "",
        "          10²   10¹   10⁰",
        "          0     9     9",
        "       +  0     0     1",
        "",
        "step   1  0 ··  1 cb  0 ad",
        "step   2  0 bc  0 fa  0 ··",
        "step   3  1 be  0 ··  0 da",
        "step   4  1 ··  0 ··  0 ··",
        "",
        "settled   3     2     1",
        "settled after step 3, and one step changed nothing more",
        "= 100",
      ].join("\n"),
    );
  });

  test("draws one column per place where there is no room", () => {
    const lines = renderShow(solution, "ripple", { style: plain, width: 20 });
    expect(lines.slice(3, 9)).toEqual([
      "         099",
      "       + 001",
      "",
      "step   1 010",
      "         ·ca",
      "step   2 000",
    ]);
  });

  test("tells of an exchange, and of votes", () => {
    const other: Solution = {
      ...solution,
      operation: "sub",
      operands: ["1", "99"],
      exchanged: true,
      answer: "-98",
      votes: ["-98", "-98", "-97"],
    };
    const text = renderShow(other, "m", { style: plain, width: 80 }).join("\n");
    expect(text).toContain("1 - 99\n");
    expect(text).toContain("so the cells work on 99 - 1");
    expect(text).toContain("          0     9     9\n       -  0     0     1\n");
    expect(text).toContain("2 of 3 orders of firing agree\n= -98");
  });

  test.prop([fc.constantFrom(20, 80, Number.POSITIVE_INFINITY)])("says the same with colour as without", (width) => {
    const drawn = renderShow(solution, "m", { style: coloured, width });
    expect(drawn.join("\n")).toContain("\u001B[");
    expect(drawn.map(withoutColour)).toEqual(renderShow(solution, "m", { style: plain, width }));
  });
});

describe("places", () => {
  test("settle at the step after which their digit stayed", () => {
    expect(settlingSteps(frames)).toEqual([1, 2, 3]);
    expect(settlingSteps([])).toEqual([]);
  });

  test("are powers of ten, experts letters", () => {
    expect([0, 7, 12].map(power)).toEqual(["10⁰", "10⁷", "10¹²"]);
    expect([0, 5].map(letter)).toEqual(["a", "f"]);
    expect(spread("99", 3)).toEqual(["9", "9", "0"]);
  });
});

describe("tables", () => {
  test("align numbers to the right, without borders", () => {
    const text = renderTable(
      ["name", ">size"],
      [
        ["a", "1,000"],
        ["bcd", "5"],
      ],
      plain,
    );
    expect(text).toBe("name   size\na     1,000\nbcd       5");
  });

  test("name a suite once, and leave out what is not known", () => {
    const text = renderRows(
      [
        {
          suite: "s",
          name: "x",
          measured: 0.99981,
          spread: 0.0001,
          published: 0.9997,
          ceiling: 1,
          modelMisses: 2,
          unfinished: 0,
          n: 10_000,
        },
        { suite: "s", name: "y", measured: 0.2, modelMisses: 0, unfinished: 0, n: 5 },
      ],
      plain,
    );
    const [, first, second] = text.split("\n");
    expect(first).toBe("s      x       99.9810 % ± 0.010  99.9700 %    100 %             2           0  10,000");
    expect(second!.replace(/ +/gu, " ")).toBe(" y 20.00 % 5");
  });

  test.each([
    [1, "100 %"],
    [0.999999, "99.9999 %"],
    [0.9999999, "99.9999 %"],
    [0.9995, "99.9500 %"],
    [0.847, "84.70 %"],
    [0, "0.00 %"],
    [undefined, ""],
  ])("round %s down to %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

describe("operandsOf", () => {
  test.each<readonly ["add" | "sub", string[], readonly [string, string]]>([
    ["add", ["1", "2"], ["1", "2"]],
    ["add", ["1", "+", "2"], ["1", "2"]],
    ["add", ["1+2"], ["1", "2"]],
    ["add", ["1+", "2"], ["1", "2"]],
    ["add", [" 1  2 "], ["1", "2"]],
    ["add", ["-1", "2"], ["-1", "2"]],
    ["add", ["1", "-2"], ["1", "-2"]],
    ["add", ["1+"], ["1", ""]],
    ["sub", ["7", "-", "1000"], ["7", "1000"]],
    ["sub", ["7-1000"], ["7", "1000"]],
    ["sub", ["7−1000"], ["7", "1000"]],
    ["sub", ["7", "-1000"], ["7", "-1000"]],
    ["sub", ["-7", "-", "3"], ["-7", "3"]],
  ])("%s %j", (operation, words, operands) => {
    expect(operandsOf(operation, words)).toEqual(operands);
  });

  test.prop([fc.nat(), fc.nat(), fc.constantFrom("+", "-"), fc.constantFrom("", " ", "  ")])(
    "reads any expression",
    (a, b, sign, space) => {
      expect(expressionOf(`${a}${space}${sign}${space}${b}`)).toEqual({
        operation: sign === "+" ? "add" : "sub",
        operands: [String(a), String(b)],
      });
    },
  );
});

describe("errors", () => {
  test("become one line and a code", () => {
    expect(explain(new UsageError("a: b"))).toEqual({ message: "a: b", code: 2 });
    expect(explain(new Error("first\nsecond"))).toEqual({ message: "first", code: 1 });
    expect(explain(new TypeError(""))).toEqual({ message: "ganglion: TypeError", code: 1 });
    expect(explain("odd")).toEqual({ message: "ganglion: odd", code: 1 });
  });
});

describe("the terminal", () => {
  test("gets colour only where it has it", () => {
    expect(styleFor({ isTTY: true }, {})).toBe(coloured);
    expect(styleFor({ isTTY: true }, { NO_COLOR: "1" })).toBe(plain);
    expect(styleFor({ isTTY: true }, { NO_COLOR: "" })).toBe(coloured);
    expect(styleFor({ isTTY: true }, { TERM: "dumb" })).toBe(plain);
    expect(styleFor({ isTTY: false }, {})).toBe(plain);
  });

  test("has a width only when there is one", () => {
    expect(widthOf({ isTTY: true, columns: 70 })).toBe(70);
    expect(widthOf({ isTTY: false, columns: 70 })).toBe(Number.POSITIVE_INFINITY);
  });

  test("is cleared upwards by as many rows as the lines filled", () => {
    expect(up(["", coloured("red", "x".repeat(10)), "x".repeat(11)], 10)).toBe("\u001B[4A\u001B[J");
  });
});

describe("progress", () => {
  const metrics = { loss: 1.5, exact: 0.25, idlest: 0.14, busiest: 0.19 };

  test("tells rate, loss, exact answers, work and time left", () => {
    expect(describeProgress(500, 2000, metrics, 10, 50, undefined)).toBe(
      "500/2000  10.0 updates/s  loss 1.5000  exact 25.0 %  experts 0.14-0.19  2:30 left",
    );
    expect(describeProgress(500, 2000, metrics, 10, 30, 40)).toContain("  0:10 left");
  });

  test("writes a line every ten seconds when piped, and the last one", () => {
    const written: string[] = [];
    const told = progress({ isTTY: false, write: (text: string) => written.push(text) > 0 }, 100, 0, undefined);
    for (let step = 1; step <= 25; step++) told.update(step, metrics, step);
    told.end();
    expect(written.map((line) => line.split("/")[0])).toEqual(["1", "11", "21", "25"]);
    expect(written.every((line) => line.endsWith("\n"))).toBe(true);
  });

  test("draws over one line on a terminal", () => {
    const written: string[] = [];
    const told = progress({ isTTY: true, write: (text: string) => written.push(text) > 0 }, 100, 0, undefined);
    told.update(1, metrics, 0.1);
    told.update(2, metrics, 0.2);
    told.update(3, metrics, 0.4);
    told.end();
    expect(written).toHaveLength(3);
    expect(written.every((text) => text.startsWith("\r\u001B[K"))).toBe(true);
    expect(written.at(-1)!.endsWith("\n")).toBe(true);
  });
});
