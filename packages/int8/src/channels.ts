/**
 * Calls `visit` once for each run of values that lie side by side: `length` values from `start`, the first in channel
 * `channel`, each next one `step` (0 or 1) channels further. Channels are numbered in row-major order of `axes`.
 *
 * @param shape lengths of all axes
 * @param axes ascending axes that have a scale per index
 */
export function forEachRun(
  shape: readonly number[],
  axes: readonly number[],
  visit: (start: number, length: number, channel: number, step: 0 | 1) => void,
): void {
  const groups = mergeAxes(shape, axes);
  const inner = groups.pop() ?? { length: 1, channels: 0 as const };
  const step = inner.channels > 0 ? 1 : 0;
  const runs = groups.reduce((count, group) => count * group.length, 1);
  if (inner.length === 0) return;
  const index = groups.map(() => 0);
  let channel = 0;
  for (let run = 0; run < runs; run++) {
    visit(run * inner.length, inner.length, channel, step);
    for (let g = groups.length - 1; g >= 0; g--) {
      const { length, channels } = groups[g]!;
      channel += channels;
      index[g]!++;
      if (index[g]! < length) break;
      channel -= length * channels;
      index[g] = 0;
    }
  }
}

/** Neighbouring axes of one sort (with scales, without) as one; `channels` is by how many channels one index moves. */
function mergeAxes(shape: readonly number[], axes: readonly number[]): { length: number; channels: number }[] {
  const groups: { length: number; channels: number }[] = [];
  let channels = 1;
  let previous: boolean | undefined;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!;
    const scaled = axes.includes(axis);
    if (scaled === previous) groups[0]!.length *= length;
    else groups.unshift({ length, channels: scaled ? channels : 0 });
    if (scaled) channels *= length;
    previous = scaled;
  }
  return groups;
}
