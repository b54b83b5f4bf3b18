import type { Random } from '../../tensor/index.ts'

/**
 * A cloud of `side`×`side` values in [0, 1] by the diamond-square algorithm on a torus; `side` is a power of two.
 * Each halving of the step divides the random displacement by `decay`; displacements grow with its square, as in
 * the published corruption.
 */
export function plasmaFractal(side: number, decay: number, random: Random): Float32Array {
  const map = new Float32Array(side * side)
  let wobble = 100
  for (let step = side; step >= 2; step /= 2) {
    const grid = { map, side, step }
    const displace = (): number => wobble * wobble * (2 * random.uniform() - 1)
    fillSquares(grid, displace)
    fillDiamonds(grid, displace)
    wobble /= decay
  }
  return rescale(map)
}

type Grid = { readonly map: Float32Array; readonly side: number; readonly step: number }

function fillSquares({ map, side, step }: Grid, displace: () => number): void {
  const half = step / 2
  for (let y = 0; y < side; y += step) {
    for (let x = 0; x < side; x += step) {
      const right = (x + step) % side
      const below = ((y + step) % side) * side
      const sum = map[y * side + x] + map[y * side + right] + map[below + x] + map[below + right]
      map[(y + half) * side + x + half] = sum / 4 + displace()
    }
  }
}

function fillDiamonds({ map, side, step }: Grid, displace: () => number): void {
  const half = step / 2
  const meanAround = (y: number, x: number): number => {
    const above = ((y - half + side) % side) * side + x
    const below = ((y + half) % side) * side + x
    const left = y * side + ((x - half + side) % side)
    const right = y * side + ((x + half) % side)
    return (map[above] + map[below] + map[left] + map[right]) / 4
  }
  for (let y = 0; y < side; y += step) {
    for (let x = 0; x < side; x += step) {
      map[y * side + x + half] = meanAround(y, x + half) + displace()
      map[(y + half) * side + x] = meanAround(y + half, x) + displace()
    }
  }
}

function rescale(map: Float32Array): Float32Array {
  const lowest = map.reduce((least, value) => Math.min(least, value), Infinity)
  const highest = map.reduce((most, value) => Math.max(most, value), -Infinity)
  return map.map((value) => (value - lowest) / (highest - lowest))
}
