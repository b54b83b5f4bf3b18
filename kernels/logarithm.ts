/** ln of four positive normal floats, to about one unit in the last place; Moshier, Cephes, logf.c. */
export function logarithms(x: v128): v128 {
  // m·2^e with m between √½ and √2.
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3))
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23))
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
  const z = f32x4.sub(mantissa, f32x4.splat(1))
  const square = f32x4.mul(z, z)
  let y = step(f32x4.splat(7.0376836292e-2), z, -1.151461031e-1)
  y = step(y, z, 1.167699874e-1)
  y = step(y, z, -1.2420140846e-1)
  y = step(y, z, 1.4249322787e-1)
  y = step(y, z, -1.6668057665e-1)
  y = step(y, z, 2.0000714765e-1)
  y = step(y, z, -2.4999993993e-1)
  y = step(y, z, 3.3333331174e-1)
  y = f32x4.mul(f32x4.mul(y, z), square)
  // ln 2 in two parts, of which the larger has few digits.
  y = f32x4.add(y, f32x4.mul(exponent, f32x4.splat(-2.1219444e-4)))
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)))
  return f32x4.add(f32x4.add(z, y), f32x4.mul(exponent, f32x4.splat(0.693359375)))
}

/** One step of Horner's scheme. */
function step(y: v128, z: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(y, z), f32x4.splat(coefficient))
}
