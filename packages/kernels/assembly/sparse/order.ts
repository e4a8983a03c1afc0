// Active neurons, the strongest first; `orderReference` in src/sparse/push-reference.ts is the same by comparisons. Of a plan
// (push.ts) it needs neurons, activations and sums, which are 0 before and after, and then: entries, places.

/** Bits of 1, the largest activation: what is missing to them has 30 bits, and is smaller for larger activations. */
const ONE: u32 = 0x3f800000;

/** Bytes of the places of all values of a digit, which has ten bits. */
const DIGIT: usize = 4096;

@inline function digit(key: u32, shift: u32): usize {
  return <usize>((key >> shift) & 1023) << 2;
}

@inline function count(place: usize): void {
  store<u32>(place, load<u32>(place) + 1);
}

/** Takes the next place of a digit. */
@inline function next(place: usize): usize {
  const to = load<u32>(place);
  store<u32>(place, to + 1);
  return to;
}

/** Sorts the first neurons by what their activations miss to 1, in three digits; equals stay in their order. */
export function order(plan: usize, length: u32): void {
  const neurons: usize = load<u32>(plan, 8);
  const activations: usize = load<u32>(plan, 12);
  const first: usize = load<u32>(plan, 16);
  const second: usize = load<u32>(plan, 32);
  const low: usize = load<u32>(plan, 36);
  const middle = low + DIGIT;
  const high = middle + DIGIT;
  const end = <usize>length << 2;
  memory.fill(low, 0, 3 * DIGIT);
  for (let at: usize = 0; at < end; at += 4) {
    const key = ONE - load<u32>(activations + at);
    count(low + digit(key, 0));
    count(middle + digit(key, 10));
    count(high + digit(key, 20));
  }
  for (let places = low; places <= high; places += DIGIT) startPlaces(places);
  for (let at: usize = 0; at < end; at += 4) {
    const key = ONE - load<u32>(activations + at);
    store<u64>(first + (next(low + digit(key, 0)) << 3), ((<u64>load<u32>(neurons + at)) << 32) | <u64>key);
  }
  for (let at = first, last = first + (end << 1); at < last; at += 8) {
    const entry = load<u64>(at);
    store<u64>(at, 0);
    store<u64>(second + (next(middle + digit(<u32>entry, 10)) << 3), entry);
  }
  for (let at = second, last = second + (end << 1); at < last; at += 8) {
    const entry = load<u64>(at);
    const to = next(high + digit(<u32>entry, 20)) << 2;
    store<u32>(neurons + to, <u32>(entry >> 32));
    store<u32>(activations + to, ONE - <u32>entry);
  }
}

/** From how many have each value of a digit to where the first of them goes. */
function startPlaces(places: usize): void {
  let sum: u32 = 0;
  for (let at = places; at < places + DIGIT; at += 4) {
    const many = load<u32>(at);
    store<u32>(at, sum);
    sum += many;
  }
}
