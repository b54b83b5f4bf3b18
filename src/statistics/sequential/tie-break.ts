/** A number of 32 bits for a row, from which come those of its columns. */
export function hashRow(seed: number, row: number): number {
  const low = Math.imul(seed, 0x9e3779b1) ^ Math.imul(row | 0, 0x85ebca77)
  return mix(low ^ Math.imul(Math.floor(row / 0x1_0000_0000), 0xc2b2ae3d))
}

/** A uniform number in (0, 1) that depends on seed, row and column alone, so that a state needs no generator. */
export function tieBreak(row: number, column: number): number {
  return ((mix(row ^ Math.imul(column + 1, 0x27d4eb2f)) >>> 0) + 0.5) / 0x1_0000_0000
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
