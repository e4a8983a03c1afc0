// Rows of float32 numbers picked and added by their index. Lengths of rows in bytes.

/** `out[row] = x[indices[row]]`. */
export function takeRows(x: usize, indices: usize, out: usize, rows: i32, rowBytes: usize): void {
  const whole = rowBytes & ~15;
  for (const end = indices + (<usize>rows << 2); indices < end; indices += 4) {
    const from = x + <usize>load<i32>(indices) * rowBytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(out + at, v128.load(from + at));
    for (; at < rowBytes; at += 4) store<f32>(out + at, load<f32>(from + at));
    out += rowBytes;
  }
}

/** `out[indices[row]] += x[row]`, row after row. */
export function addRows(x: usize, indices: usize, out: usize, rows: i32, rowBytes: usize): void {
  const whole = rowBytes & ~15;
  for (const end = indices + (<usize>rows << 2); indices < end; indices += 4) {
    const to = out + <usize>load<i32>(indices) * rowBytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)));
    for (; at < rowBytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(x + at));
    x += rowBytes;
  }
}
