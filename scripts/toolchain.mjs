// The Node.js, pnpm and dependencies that this repository needs. What the machine already has is used; what it lacks is
// installed from the npm registry into .toolchain/, nothing globally. Needs Node.js >= 18 with npm, and has no
// dependencies itself. Whatever the programs started here print goes to standard error.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A headless Chromium for Linux x64 inside an npm package, for machines without any Chromium. */
const BUNDLED_CHROMIUM = ["@sparticuz/chromium", "153.0.0"];
const CHROMIUM_PATHS = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const read = (file) => readFileSync(join(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));

// What npm tells its scripts about itself is not meant for the npm and pnpm started below.
const noise =
  /^npm_(command|execpath|lifecycle|node_execpath|package|config_(local_prefix|loglevel|node_gyp|npm_version|prefix|user_agent))/i;

/** The environment in which commands find that Node.js and that pnpm; filled by the functions below. */
export const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !noise.test(key)));
env.TURBO_TELEMETRY_DISABLED = env.DO_NOT_TRACK = "1";
const path = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";

export function provideNode() {
  if (satisfies(process.versions.node, manifest.engines.node)) return;
  const platform = windows ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform}-${process.arch}`;
  const modules = provide(name, read(".node-version").trim(), `Node.js ${process.versions.node} is too old`);
  env[path] = join(modules, name, "bin") + delimiter + env[path];
}

/** Exactly the pinned pnpm, so that it never has to switch to another version of itself. */
export function providePnpm() {
  const pinned = /^pnpm@([^+]+)/.exec(manifest.packageManager)[1];
  const present = capture("pnpm", ["--version"], dirname(root));
  if (present === pinned) return;
  const modules = provide("pnpm", pinned, present ? `pnpm is ${present}` : "pnpm is missing");
  env[path] = join(modules, ".bin") + delimiter + env[path];
}

/** Takes a tenth of a second when nothing changed. */
export function provideDependencies() {
  run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"]);
}

export function provideBrowser() {
  env.CHROMIUM_PATH = CHROMIUM_PATHS.find((file) => file && existsSync(file));
  if (env.CHROMIUM_PATH === undefined && process.platform === "linux" && process.arch === "x64") {
    const modules = provide(...BUNDLED_CHROMIUM, "Chromium is missing");
    const script = `import("${BUNDLED_CHROMIUM[0]}").then(async (m) => console.log(await m.default.executablePath()))`;
    env.CHROMIUM_PATH = capture("node", ["--eval", script], dirname(modules));
  }
  if (!env.CHROMIUM_PATH) console.error("No Chromium found: set CHROMIUM_PATH. Browser tests will not run.");
}

/** Runs a preparing command to its end; a failure ends this process with the same code. */
export function run(command, parameters, cwd = root) {
  const stdio = ["ignore", 2, 2];
  const { status, signal, error } = spawnSync(command, parameters, { cwd, env, stdio, shell: windows });
  if (error) throw error;
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs one package of an exact version into .toolchain/, once, and returns the node_modules folder it is in. */
function provide(name, version, reason) {
  const directory = join(root, ".toolchain", `${name.replace("/", "+")}@${version}`);
  if (!existsSync(directory)) {
    console.error(`${reason}: installing ${name}@${version} into .toolchain/`);
    const temporary = `${directory}.${process.pid}`;
    mkdirSync(temporary, { recursive: true });
    const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", ["install", "--prefix", temporary, ...flags, `${name}@${version}`], temporary);
    rmSync(directory, { recursive: true, force: true });
    renameSync(temporary, directory);
  }
  return join(directory, "node_modules");
}

function capture(command, parameters, cwd) {
  return spawnSync(command, parameters, { cwd, env, encoding: "utf8", shell: windows }).stdout?.trim();
}

/** Understands `^a.b.c` and `>=a.b.c` joined by `||`, which is all that engines.node uses. */
function satisfies(version, range) {
  const actual = version.split(".").map(Number);
  return range.split("||").some((part) => {
    const [, operator, ...numbers] = /^(\^|>=)(\d+)\.(\d+)\.(\d+)$/.exec(part.trim());
    const wanted = numbers.map(Number);
    if (operator === "^" && actual[0] !== wanted[0]) return false;
    const difference = actual.findIndex((number, index) => number !== wanted[index]);
    return difference === -1 || actual[difference] > wanted[difference];
  });
}
