#!/usr/bin/env node
import { runCli } from "./cli.ts";

// a reader that has seen enough, as in `ganglion add 1 2 --show | head`, is no failure
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
