/**
 * The most frequent digit at each place; the lower one when two are as frequent.
 *
 * @param ballots one list of digits per run, all of one length
 */
export function majority(ballots: readonly ArrayLike<number>[]): Int32Array {
  const places = ballots[0]?.length ?? 0;
  return Int32Array.from({ length: places }, (_, place) => {
    const counts = new Uint32Array(10);
    for (const ballot of ballots) counts[ballot[place]!]!++;
    return counts.indexOf(Math.max(...counts));
  });
}
