import { ConfigError, flattenTree } from "@ganglion/tensor";
import type { Tensor, Tree } from "@ganglion/tensor";
import type { Optimiser } from "./optimiser.ts";

/**
 * Several optimisers, each for some of the leaves.
 *
 * `partition({ muon: muon(), adam: adam() }, (path, leaf) => (leaf.shape.length > 1 ? "muon" : "adam"))`
 *
 * @param optimisers optimisers by label
 * @param choose label of the optimiser that takes the leaf at `path`
 * @returns optimiser whose state holds one state per label; each part sees its leaves as a flat record by path
 * @throws ConfigError when `choose` returns a label that is not there
 */
export function partition<Label extends string>(
  optimisers: Readonly<Record<Label, Optimiser>>,
  choose: (path: string, leaf: Tensor) => NoInfer<Label>,
): Optimiser<Readonly<Record<string, Tree>>> {
  const labels = Object.keys(optimisers) as Label[];
  const labelsOf = (params: Tree): ReadonlyMap<string, Label> => {
    const { leaves, paths } = flattenTree(params);
    return new Map(paths.map((path, index) => [path, checked(path, choose(path, leaves[index]!))]));
  };
  const checked = (path: string, label: Label): Label => {
    if (labels.includes(label)) return label;
    throw new ConfigError("partition", `expected ${labels.join(" or ")} for "${path}", received ${label}`);
  };
  return {
    init(params) {
      const chosen = labelsOf(params);
      return Object.fromEntries(
        labels.map((label) => [label, optimisers[label].init(select(params, chosen, label))] as const),
      );
    },
    update<Params extends Tree>(grads: Params, state: Readonly<Record<string, Tree>>, params: Params) {
      const chosen = labelsOf(params);
      const states: Record<string, Tree> = {};
      const updates = new Map<string, Tensor>();
      for (const label of labels) {
        const part = select(params, chosen, label);
        const made = optimisers[label].update(select(grads, chosen, label), state[label]!, part);
        states[label] = made.state;
        for (const [path, leaf] of Object.entries(made.updates)) updates.set(path, leaf);
      }
      const flat = flattenTree(params);
      return { updates: flat.unflatten(flat.paths.map((path) => updates.get(path)!)), state: states };
    },
  };
}

/** Leaves that were given one label, by path. */
function select(tree: Tree, chosen: ReadonlyMap<string, string>, label: string): Record<string, Tensor> {
  const { leaves, paths } = flattenTree(tree);
  const pairs = paths.map((path, index) => [path, leaves[index]!] as const);
  return Object.fromEntries(pairs.filter(([path]) => chosen.get(path) === label));
}
