// One step of spreading activation over synapses laid out by their targets; src/sparse/spread-reference.ts is the same in
// plain loops. A plan is a row of addresses: starts, senders, strengths, activation, thresholds, decays, sent, next.

/** Adding and subtracting it rounds a float64 to a multiple of 2^-32. */
const MAGIC: f64 = 1572864;

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

/** What two synapses carry, each rounded to the grid. */
@inline function carried2(senders: usize, strengths: usize, sent: usize): v128 {
  let two = v128.load32_zero(sent + (<usize>load<u32>(senders) << 2));
  two = v128.load_lane<f32>(sent + (<usize>load<u32>(senders, 4) << 2), two, 1);
  const product = f64x2.mul(f64x2.promote_low_f32x4(two), v128.load(strengths));
  return f64x2.sub(f64x2.add(product, f64x2.splat(MAGIC)), f64x2.splat(MAGIC));
}

@inline function carried(senders: usize, strengths: usize, sent: usize): f64 {
  return <f64>load<f32>(sent + (<usize>load<u32>(senders) << 2)) * load<f64>(strengths) + MAGIC - MAGIC;
}

/** Four chains of sums: the sums are exact, so their order does not matter. */
export function spreadRows(plan: usize, first: u32, end: u32): void {
  const starts: usize = load<u32>(plan);
  const activation: usize = load<u32>(plan, 12);
  const decays: usize = load<u32>(plan, 20);
  const sent: usize = load<u32>(plan, 24);
  const next: usize = load<u32>(plan, 28);
  const start: usize = load<u32>(starts + (<usize>first << 2));
  let senders = <usize>load<u32>(plan, 4) + (start << 2);
  let strengths = <usize>load<u32>(plan, 8) + (start << 3);
  for (let row: usize = first; row < end; row++) {
    const at = starts + (row << 2);
    const synapses: usize = load<u32>(at, 4) - load<u32>(at);
    const whole = senders + ((synapses & ~3) << 2);
    const last = senders + (synapses << 2);
    let sum = <f64>load<f32>(activation + (row << 2)) * <f64>load<f32>(decays + (row << 2)) + MAGIC - MAGIC;
    let even = f64x2.splat(0);
    let odd = even;
    for (; senders < whole; senders += 16) {
      even = f64x2.add(even, carried2(senders, strengths, sent));
      odd = f64x2.add(odd, carried2(senders + 8, strengths + 16, sent));
      strengths += 32;
    }
    for (; senders < last; senders += 4) {
      sum += carried(senders, strengths, sent);
      strengths += 8;
    }
    even = f64x2.add(even, odd);
    sum += f64x2.extract_lane(even, 0) + f64x2.extract_lane(even, 1);
    store<f32>(next + (row << 2), <f32>(sum <= 0 ? 0 : sum >= 1 ? 1 : sum));
  }
}
