import { spawn } from "node:child_process";
import { env } from "./toolchain.mjs";

/**
 * Becomes the given command as far as a terminal can tell: its input, output, exit code and death by a signal are this
 * process's own.
 *
 * A terminal sends Ctrl-C to the command itself, so it is not passed on a second time; signals that only this process
 * gets are.
 */
export function handOver(command, parameters, cwd = process.cwd()) {
  // node.exe is found without a shell; pnpm.cmd is not
  const shell = process.platform === "win32" && command !== "node";
  const child = spawn(command, parameters, { cwd, env, stdio: "inherit", shell });
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !terminal) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
