import type { Frame, Solution } from "@ganglion/models";
import type { Style } from "../terminal/style.ts";
import { expertColours, letter, power, settlingSteps, spread } from "./places.ts";

/** How a picture is drawn. */
export interface Look {
  readonly style: Style;
  /** Columns there are. */
  readonly width: number;
}

/** Columns of the labels at the left. */
const MARGIN = 9;
/** Columns of one place when there is room: gap, digit, gap, two experts. */
const PLACE = 6;
/** Strips wider than this are drawn one column per place. */
const MOST_PLACES = 24;

/**
 * Draws every step: places as columns, the highest at the left, the digit that each cell shows, and the experts that it
 * asked where it fired.
 *
 * @param about model and seed, for the heading
 */
export function renderShow(solution: Solution, about: string, look: Look): string[] {
  const { frames } = solution;
  const settled = settlingSteps(frames);
  return [
    ...heading(solution, about, look.style),
    "",
    ...columns(solution, look),
    ...frames.flatMap((frame) => renderStep(frame, settled, look)),
    "",
    ...verdict(solution, settled, look),
  ];
}

/** What is asked, and who answers. */
export function heading(solution: Solution, about: string, style: Style): string[] {
  const { operation, operands, cells, steps, schedule, exchanged } = solution;
  const sign = operation === "add" ? "+" : "-";
  return [
    style("bold", operands.join(` ${sign} `)),
    style("dim", `${about}, ${cells} cells, ${schedule}, ${steps} steps`),
    ...(exchanged
      ? [style("dim", `a borrow left the strip at the top, so the cells work on ${operands[1]} - ${operands[0]}`)]
      : []),
  ];
}

/** The rows above the steps: places and operands. */
export function columns({ operation, operands, exchanged, cells }: Solution, look: Look): string[] {
  const { style } = look;
  const [a, b] = operands;
  const sign = operation === "add" ? "+" : "-";
  const row = (label: string, operand: string): string => {
    const digits = spread(operand, cells).toReversed();
    if (!isWide(cells, look)) return `${label.padStart(MARGIN - 1)} ${digits.join("")}`;
    return label.padStart(MARGIN - 1) + digits.map((digit) => `  ${digit}`.padEnd(PLACE)).join("");
  };
  const places = Array.from({ length: cells }, (_, index) => `  ${power(cells - 1 - index)}`.padEnd(PLACE));
  return [
    ...(isWide(cells, look) ? [style("dim", " ".repeat(MARGIN - 1) + places.join("").trimEnd())] : []),
    row("", exchanged ? b : a).trimEnd(),
    row(sign, exchanged ? a : b).trimEnd(),
    "",
  ];
}

/** One step. */
export function renderStep(frame: Frame, settled: readonly number[], look: Look): string[] {
  const { style } = look;
  const cells = frame.digits.length;
  const label = style("dim", `step ${String(frame.step).padStart(3)}`.padEnd(MARGIN - 1));
  const order = Array.from({ length: cells }, (_, index) => cells - 1 - index);
  const digit = (cell: number): string => {
    const shown = String(frame.digits[cell]);
    const fired = frame.experts[cell]!.length > 0;
    const done = frame.step >= settled[cell]!;
    if (fired) return style(done ? ["bold", "green"] : "bold", shown);
    return style(done ? "green" : "dim", shown);
  };
  if (isWide(cells, look)) {
    const drawn = order.map((cell) => `  ${digit(cell)} ${asked(frame.experts[cell]!, 2, style)}`);
    return [label + drawn.join("")];
  }
  return [
    `${label} ${order.map(digit).join("")}`,
    `${" ".repeat(MARGIN)}${order.map((cell) => asked(frame.experts[cell]!, 1, style)).join("")}`,
  ];
}

/** Letters of the experts that a cell asked, or dots. */
function asked(experts: readonly number[], columns_: number, style: Style): string {
  if (experts.length === 0) return style("dim", "·".repeat(columns_));
  return experts
    .slice(0, columns_)
    .map((expert) => style(expertColours[expert % expertColours.length]!, letter(expert)))
    .join("")
    .padEnd(columns_);
}

/** The rows below the steps: when each digit was final, and the answer. */
export function verdict({ answer, votes, steps }: Solution, settled: readonly number[], look: Look): string[] {
  const { style } = look;
  const last = Math.max(...settled);
  const cells = settled.length;
  const perPlace = settled.toReversed().map((step) => `  ${step}`.padEnd(PLACE));
  const rests =
    steps > last ? `, and ${steps - last === 1 ? "one step" : `${steps - last} steps`} changed nothing more` : "";
  return [
    ...(isWide(cells, look) ? [style("dim", "settled".padEnd(MARGIN - 1) + perPlace.join("").trimEnd())] : []),
    style("dim", `settled after step ${last}${rests}`),
    ...(votes.length > 1 ? [style("dim", `${agreeing(votes, answer)} of ${votes.length} orders of firing agree`)] : []),
    style(["bold", "green"], `= ${answer}`),
  ];
}

function agreeing(votes: readonly string[], answer: string): number {
  return votes.filter((vote) => vote === answer).length;
}

function isWide(cells: number, { width }: Look): boolean {
  return cells <= MOST_PLACES && MARGIN + cells * PLACE <= width;
}
