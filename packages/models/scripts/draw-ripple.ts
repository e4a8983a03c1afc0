// Draws docs/ripple.svg: a full-length carry as the shipped model lets it ripple, every step from a real run.
//
//   node --conditions=@ganglion/source packages/models/scripts/draw-ripple.ts
import { writeFileSync } from "node:fs";
import { load, solve } from "../src/index.ts";
import type { Frame } from "../src/index.ts";

const CELL = 34;
const ROW = 22;
const TOP = 84;
const LEFT = 96;
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9"];

const a = "9999999";
const b = "1";
const { answer, frames, cells } = solve(await load("ripple"), "add", a, b, { seed: 5, trace: true });
const settled = frames.findLastIndex(({ digits }) => text(digits) !== answer) + 1;
const shown = frames.slice(0, settled + 3);

const width = LEFT + cells * CELL + 24;
const height = TOP + shown.length * ROW + 64;
const x = (cell: number): number => LEFT + (cells - 1 - cell) * CELL;

const rows = shown.map(({ step, digits, experts }, index) => {
  const y = TOP + index * ROW;
  const cellsDrawn = digits.map((digit, cell) => {
    const [first] = experts[cell]!;
    const fill = first === undefined ? "#8884" : COLOURS[first]!;
    const ink = first === undefined ? "#888" : "#fff";
    return (
      `<rect x="${x(cell)}" y="${y}" width="${CELL - 4}" height="${ROW - 3}" rx="4" fill="${fill}"/>` +
      `<text x="${x(cell) + (CELL - 4) / 2}" y="${y + 14}" text-anchor="middle" fill="${ink}">${digit}</text>`
    );
  });
  const done = index === settled ? `<text x="8" y="${y + 14}" fill="#009e73">settled ${step}</text>` : "";
  return (done || `<text x="8" y="${y + 14}" fill="#888">step ${step}</text>`) + cellsDrawn.join("");
});
const operand = (digits: string, y: number, sign: string): string =>
  `<text x="${LEFT - 18}" y="${y}" fill="#888">${sign}</text>` +
  Array.from(digits)
    .map(
      (digit, index) =>
        `<text x="${x(digits.length - 1 - index) + 15}" y="${y}" text-anchor="middle" fill="#888">${digit}</text>`,
    )
    .join("");
const legend = COLOURS.map(
  (colour, index) =>
    `<rect x="${LEFT + index * 44}" y="${height - 42}" width="12" height="12" rx="3" fill="${colour}"/>` +
    `<text x="${LEFT + 16 + index * 44}" y="${height - 32}" fill="#888">${"abcdef"[index]}</text>`,
).join("");

writeFileSync(
  new URL("../../../docs/ripple.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="ui-monospace, monospace" font-size="13" role="img">
<title>${a} + ${b} = ${answer}: digits of the ${cells} cells after each step</title>
${operand(a, 30, "")}
${operand(b, 52, "+")}
<line x1="${LEFT}" x2="${width - 28}" y1="64" y2="64" stroke="#888"/>
${rows.join("\n")}
<text x="8" y="${height - 32}" fill="#888">expert</text>${legend}
<text x="8" y="${height - 10}" fill="#888" font-size="11">colour: fired, by heaviest expert; grey: did not fire</text>
</svg>
`,
);

function text(digits: Frame["digits"]): string {
  return digits
    .toReversed()
    .join("")
    .replace(/^0+(?=\d)/, "");
}
