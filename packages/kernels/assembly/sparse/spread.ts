// One step of spreading activation over synapses laid out by their targets; src/sparse/spread-reference.ts is the same in
// plain loops. A plan is a row of addresses: starts, senders, strengths, activation, thresholds, decays, sent, next; then
// whether strengths are float32 (1) or float64 (0).

/** 1.5 * 2^20: a float64 nearer to 0 than 2^19 and it add up to a number whose last bit is worth 2^-32. */
const MAGIC: f64 = 1572864;

/** Its bits. Those of the sum are so many steps of 2^-32 above them, and can be added up as integers. */
const BITS: i64 = 0x4138000000000000;

/** What each neuron sends: its activation from its threshold on, otherwise 0. */
export function fire(plan: usize, rows: u32): void {
  let activation: usize = load<u32>(plan, 12);
  let thresholds: usize = load<u32>(plan, 16);
  let sent: usize = load<u32>(plan, 24);
  const end = sent + (<usize>rows << 2);
  // the arrays have room for whole vectors
  for (; sent < end; sent += 16) {
    const now = v128.load(activation);
    v128.store(sent, v128.and(now, f32x4.ge(now, v128.load(thresholds))));
    activation += 16;
    thresholds += 16;
  }
}

/** What two synapses carry, rounded to the grid, above the bits of MAGIC. */
@inline function carried2(senders: usize, strengths: v128, sent: usize): v128 {
  let two = v128.load32_zero(sent + (<usize>load<u32>(senders) << 2));
  two = v128.load_lane<f32>(sent + (<usize>load<u32>(senders, 4) << 2), two, 1);
  return f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(two), strengths), f64x2.splat(MAGIC));
}

@inline function carried(value: f32, strength: f64): i64 {
  return reinterpret<i64>(<f64>value * strength + MAGIC);
}

/** Sums are integers, whose order does not matter. */
export function spreadRows(plan: usize, first: u32, end: u32): void {
  if (load<u32>(plan, 32)) sumRows(plan, first, end, true);
  else sumRows(plan, first, end, false);
}

@inline function sumRows(plan: usize, first: u32, end: u32, single: bool): void {
  const one: usize = single ? 4 : 8;
  const starts: usize = load<u32>(plan);
  const activation: usize = load<u32>(plan, 12);
  const decays: usize = load<u32>(plan, 20);
  const sent: usize = load<u32>(plan, 24);
  const next: usize = load<u32>(plan, 28);
  let start: usize = load<u32>(starts + (<usize>first << 2));
  let senders = <usize>load<u32>(plan, 4) + (start << 2);
  let strengths = <usize>load<u32>(plan, 8) + start * one;
  for (let row: usize = first; row < end; row++) {
    const at = row << 2;
    const stop: usize = load<u32>(starts + at, 4);
    const synapses = stop - start;
    const whole = senders + ((synapses & ~1) << 2);
    start = stop;
    let pairs = i64x2.splat(0);
    for (; senders < whole; senders += 8) {
      const two = single ? f64x2.promote_low_f32x4(v128.load64_zero(strengths)) : v128.load(strengths);
      pairs = i64x2.add(pairs, carried2(senders, two, sent));
      strengths += 2 * one;
    }
    let total = carried(load<f32>(activation + at), <f64>load<f32>(decays + at)) - <i64>synapses * BITS;
    if (synapses & 1) {
      const strength = single ? <f64>load<f32>(strengths) : load<f64>(strengths);
      total += carried(load<f32>(sent + (<usize>load<u32>(senders) << 2)), strength);
      senders += 4;
      strengths += one;
    }
    total += i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
    const sum = reinterpret<f64>(total) - MAGIC;
    store<f32>(next + at, <f32>(sum <= 0 ? 0 : sum >= 1 ? 1 : sum));
  }
}
