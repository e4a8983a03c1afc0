// Pairs by their contexts, in one pass and without counting first: every context writes its words, in their order, into
// chunks of a cache line that are handed out as they are needed. A plan is a row of words: weights, width, contexts, words,
// pairs, height, lasts, owners, chunks, ends, pool, then what learning needs (pairs.ts).

/** Bytes of a chunk: 32 words. */
const CHUNK: usize = 64;

/** Bits of the place of a chunk's last word. */
const FULL: usize = CHUNK - 2;

/**
 * Sorts all pairs. The words of context `c` are then in the chunks whose addresses `chunks` has from `ends[c]` to before
 * `ends[c + 1]`; the last of them is at `lasts[c]`.
 */
export function sortPairs(plan: usize): void {
  const contexts: usize = load<u32>(plan, 8);
  const words: usize = load<u32>(plan, 12);
  const bytes = <usize>load<u32>(plan, 16) << 1;
  const lasts: usize = load<u32>(plan, 24);
  const owners: usize = load<u32>(plan, 28);
  for (let at = lasts, end = lasts + (<usize>load<u32>(plan, 20) << 2); at < end; at += 4) store<u32>(at, <u32>FULL);
  let owner = owners;
  let free = <usize>load<u32>(plan, 40) - 2;
  for (let at: usize = 0; at < bytes; at += 2) {
    const context: usize = load<u16>(contexts + at);
    const last = lasts + (context << 2);
    let place: usize = load<u32>(last);
    if ((place & FULL) === FULL) {
      store<u16>(owner, <u16>context);
      owner += 2;
      place = free;
      free += CHUNK;
    }
    store<u16>(place, load<u16>(words + at), 2);
    store<u32>(last, <u32>(place + 2));
  }
  sortChunks(plan, owners, owner);
}

/** Counting sort of the chunks by the contexts that own them, which keeps their order. */
function sortChunks(plan: usize, owners: usize, end: usize): void {
  const ends: usize = load<u32>(plan, 36);
  const last = ends + (<usize>load<u32>(plan, 20) << 2);
  memory.fill(ends, 0, last + 4 - ends);
  for (let at = owners; at < end; at += 2) {
    const count = ends + (<usize>load<u16>(at) << 2);
    store<u32>(count, load<u32>(count, 4) + 4, 4);
  }
  let sum = load<u32>(plan, 32);
  store<u32>(ends, sum);
  for (let at = ends; at < last; at += 4) {
    const count = load<u32>(at, 4);
    store<u32>(at, sum, 4);
    sum += count;
  }
  let chunk: usize = load<u32>(plan, 40);
  for (let at = owners; at < end; at += 2) {
    const place = ends + (<usize>load<u16>(at) << 2);
    const to: usize = load<u32>(place, 4);
    store<u32>(to, <u32>chunk);
    store<u32>(place, <u32>to + 4, 4);
    chunk += CHUNK;
  }
}
