// Writes the measured figures of the cards into the table of the repository's README, between its two marks.
//
//   node --conditions=@ganglion/source packages/models/scripts/readme-figures.ts
import { readFileSync, writeFileSync } from "node:fs";
import { withFigures } from "./figures-table.ts";

const readme = new URL("../../../README.md", import.meta.url);
writeFileSync(readme, await withFigures(readFileSync(readme, "utf8")));
