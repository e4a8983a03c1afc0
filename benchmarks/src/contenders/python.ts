import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Contender, Sample } from "../measure/race.ts";
import type { Peer } from "./peer.ts";

const threads = ["OMP", "OPENBLAS", "MKL", "NUMBA"].map((library) => [`${library}_NUM_THREADS`, "1"]);
const XLA_FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1";
/** What Python is started with; it leaves no compiled scripts beside the scripts. */
const oneThread = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...Object.fromEntries(threads), XLA_FLAGS };

/** A work of a script in `peers/`, by the name and the arguments that the script knows it by. */
type Ask = (work: string, ...parameters: readonly (string | number | boolean)[]) => Contender;

/** How each work of a peer is asked for. */
const works = {
  matmul: (ask) => (m, n, k) => ask("matmul", m, n, k),
  mlp: (ask) => () => ask("mlp"),
  updates: (ask) => () => ask("updates", true),
  forward: (ask) => () => ask("updates", false),
  ring: (ask) => (file) => ask("ring", file),
  mesh: (ask) => (file) => ask("mesh", file),
  automaton: (ask) => (file) => ask("automaton", file),
  training: (ask) => (file) => ask("training", file),
  spread: (ask) => (file) => ask("spread", file),
  spreadFew: (ask) => (file) => ask("spreadFew", file),
  pairs: (ask) => (file) => ask("pairs", file),
} satisfies { readonly [Work in keyof Peer]?: (ask: Ask) => Peer[Work] };

/** Names of works. */
export type Work = keyof typeof works;

/**
 * A library of Python on one thread, in a process of its own: `peers/<name>_peer.py`.
 *
 * @param name of the library, which is its module
 * @param known works that its script can do
 * @throws Error when no Python here has the module
 */
export function startPython(name: string, known: readonly Work[]): Peer {
  const python = pythonWith(name);
  const script = new URL(`../../peers/${name}_peer.py`, import.meta.url).pathname;
  let child: ChildProcess | undefined;
  let answers: AsyncIterator<string> | undefined;
  // the process does one thing at a time
  const sample = async (task: object): Promise<Sample> => {
    if (child === undefined || answers === undefined) {
      child = spawn(python, [script], { env: oneThread, stdio: ["pipe", "pipe", "inherit"] });
      answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    }
    child.stdin!.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`${name}: the Python process ended`);
    return JSON.parse(value) as Sample;
  };
  const ask: Ask = (work, ...parameters) => ({
    name,
    sample: (milliseconds) => sample({ work, arguments: parameters, milliseconds }),
  });
  return {
    name,
    ...Object.fromEntries(known.map((work) => [work, works[work](ask)])),
    close: () => child?.stdin?.end(),
  };
}

/**
 * The first Python that has a module: the one that `GANGLION_PYTHON` names, `python3`, or that of the system.
 *
 * @throws Error when none has it
 */
export function pythonWith(module: string): string {
  const found = pythons.find((python) => spawnSync(python, ["-c", `import ${module}`]).status === 0);
  if (found === undefined) throw new Error(`no Python with ${module} among ${pythons.join(", ")}`);
  return found;
}

/** What a Python and its modules call themselves, for the report; nothing for modules that no Python has. */
export function pythonVersions(modules: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const module of modules) {
    for (const python of pythons) {
      const { status, stdout } = spawnSync(python, [
        "-c",
        `import ${module}, sys; print(sys.version.split()[0], ${module}.__version__)`,
      ]);
      if (status !== 0) continue;
      const [language, version] = String(stdout).trim().split(" ");
      versions[module] = `${version} (Python ${language})`;
      break;
    }
  }
  return versions;
}

const pythons: readonly string[] = [process.env["GANGLION_PYTHON"], "python3", "/usr/bin/python3"].filter(
  (python) => python !== undefined && python !== "",
) as string[];
