/**
 * Steps after which a carry through all cells is almost surely done, when each cell fires with probability `fireRate`.
 *
 * The news advances one cell whenever the cell in front of it fires, so the number of steps is a sum of waiting times.
 *
 * @param cells width of the strip
 * @param fireRate in (0, 1]
 * @param risk probability that the longest carry is unfinished, in (0, 1)
 */
export function stepsToSettle(cells: number, fireRate: number, risk = 1e-6): number {
  if (fireRate === 1) return cells;
  // waiting[i]: probability that the news has advanced exactly i cells
  const waiting = new Float64Array(cells);
  waiting[0] = 1;
  for (let steps = 0; ; steps++) {
    if (waiting.reduce((total, probability) => total + probability, 0) < risk) return steps;
    for (let cell = cells - 1; cell > 0; cell--) {
      waiting[cell] = waiting[cell]! * (1 - fireRate) + waiting[cell - 1]! * fireRate;
    }
    waiting[0] *= 1 - fireRate;
  }
}
