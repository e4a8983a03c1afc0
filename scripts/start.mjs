#!/usr/bin/env node
// `npm start -- <arguments>`: the ganglion command, built from this checkout; without arguments its guided tour.
//
// When no source changed since the last start, neither pnpm nor turbo is asked: that takes 50 ms instead of 2 s.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { handOver } from "./hand-over.mjs";
import { provideDependencies, provideNode, providePnpm, root, run } from "./toolchain.mjs";

const command = join(root, "apps/cli/dist/main.js");
const stamp = join(root, "node_modules/.cache/ganglion/start");
const parameters = process.argv.slice(2);

provideNode();
const sources = fingerprint(isSource);
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== sources + fingerprint(isBuilt)) {
  providePnpm();
  provideDependencies();
  run("pnpm", ["exec", "turbo", "run", "build", "--filter=@ganglion/cli...", "--output-logs=errors-only"]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.${process.pid}`, sources + fingerprint(isBuilt));
  renameSync(`${stamp}.${process.pid}`, stamp);
}
// a heap that starts large is looked through less often: a training takes a tenth less processor time
const heap = "--initial-old-space-size=256";
// npm runs scripts in the root: the folder in which the user typed the command is the one that paths are relative to
handOver("node", [heap, command, ...(parameters.length > 0 ? parameters : ["tour"])], process.env.INIT_CWD);

/** Path, size and time of change of the files that a build reads or writes. */
function fingerprint(wanted) {
  const hash = createHash("sha256");
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!/^(\..*|node_modules|coverage|test|runs)$/.test(entry.name) && !/^(docs|benchmarks)$/.test(file))
          visit(file);
      } else if (wanted(file)) {
        const { size, mtimeMs } = statSync(join(root, file));
        hash.update(`${file} ${size} ${mtimeMs}\n`);
      }
    }
  };
  visit("");
  return hash.digest("hex");
}

function isBuilt(file) {
  return /\/(dist|build|generated)\//.test(file);
}

function isSource(file) {
  return !isBuilt(file) && !file.endsWith(".md");
}
