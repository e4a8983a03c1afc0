// Writes the corpus of nasty files anew: `node test/corpus/write.ts`, needed only when nasty.ts changes.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nasty } from "./nasty.ts";

for (const file of readdirSync(import.meta.dirname)) {
  if (file.endsWith(".bin")) rmSync(join(import.meta.dirname, file));
}
for (const { name, bytes } of nasty) writeFileSync(join(import.meta.dirname, `${name}.bin`), bytes);
