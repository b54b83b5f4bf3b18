/** Makes `bytes` of memory available behind the static tables; returns its address, a multiple of 16. */
export function reserve(bytes: usize): usize {
  const start = (__heap_base + 15) & ~15
  const missing = <i32>((start + bytes + 0xffff) >>> 16) - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) unreachable()
  return start
}

/** Bytes of a plane of floats, with room behind it for the last lanes. */
export function planeBytes(height: i32, width: i32): usize {
  return (((<usize>(height * width)) << 2) + 79) & ~15
}
