import type { CommandDef } from "citty";
import { command } from "../command.ts";
import { noOperands } from "../options.ts";
import { renderShow } from "../render/show.ts";
import { renderRows } from "../render/table.ts";
import { styleFor, widthOf } from "../terminal/style.ts";

/** Suites whose figures close the tour. */
const SUITES = new Set(["orders", "steps", "adversarial"]);

/** `ganglion tour`: what the models can do, on real input, in a minute. */
export const tour: CommandDef = command({
  meta: { name: "tour", description: "A short guided tour", hidden: true },
  async run({ args }) {
    noOperands("tour", args._);
    const { load, solve, modelNames, define } = await import("@ganglion/models");
    const look = { style: styleFor(process.stdout), width: widthOf(process.stdout) };
    const { style } = look;
    const title = (text: string): void => say("", style(["bold", "underline"], text), "");
    const model = await load("ripple");

    title("A sum");
    say("$ ganglion add 1234567 + 7654321", solve(model, "add", "1234567", "7654321").answer);
    say(
      "",
      "Each digit place is a cell. A cell sees itself and its two neighbours, and all cells follow one small rule,",
    );
    say(`a mixture of six experts with ${model.card.parameters.toLocaleString("en")} parameters in all. Nobody adds.`);

    title("The longest carry, step by step");
    const ripple = solve(model, "add", "9999999", "1", { schedule: "synchronous", trace: true });
    say("$ ganglion add 9999999 + 1 --schedule synchronous --show", "", ...renderShow(ripple, "ripple", look));

    title("Any order of firing, and a vote");
    const vote = solve(model, "add", "9999999", "1", { vote: 9, steps: 24 });
    say(
      "$ ganglion add 9999999 + 1 --steps 24 --vote 9 --json",
      `votes   ${vote.votes.join(" ")}`,
      `answer  ${vote.answer}`,
    );
    say(
      "",
      "Every order lets half of the cells fire in a step. 24 steps are few for this carry: an order that leaves it",
    );
    say("unfinished is outvoted. Without --steps a sum gets as many steps as its longest carry may take.");

    title("64 digits, by a rule that was trained on 7");
    const [a, b] = ["31415926535897932384626433832795".repeat(2), "27182818284590452353602874713527".repeat(2)];
    say(`$ ganglion add ${a} ${b}`, solve(model, "add", a, b).answer);

    title("Measured");
    for (const name of modelNames) {
      const { figures } = (await define(name)).card;
      const rows = figures?.rows.filter(({ suite }) => SUITES.has(suite)) ?? [];
      if (figures === undefined || rows.length === 0)
        say(style("bold", name), `not measured yet: ganglion eval ${name}`, "");
      else say(`${style("bold", name)}  ${style("dim", figures.command)}`, "", renderRows(rows, style), "");
    }
    say("Go on with: npm start -- add 12 + 34 --live, npm start -- train gary, npm start -- --help");
  },
});

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
