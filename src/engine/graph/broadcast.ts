import { FREE, type Shape } from './node.ts'

/** Shape of an elementwise result by NumPy's broadcasting; throws RangeError where axes disagree. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x === y || y === 1) return x
    if (x === 1) return y
    throw new RangeError(
      `expected shapes that broadcast, got [${a.join(', ')}] and [${b.join(', ')}]`,
    )
  })
}

/** Axes of `from` that were stretched to make it out of `to`. */
export function stretchedAxes(from: Shape, to: Shape): number[] {
  const lead = from.length - to.length
  return from.flatMap((length, axis) => {
    const original = axis < lead ? 1 : to[axis - lead]
    return axis < lead || (original === 1 && length !== 1) ? [axis] : []
  })
}

/** Turns negative axes into counts from the front and sorts them. */
export function normaliseAxes(axes: readonly number[], rank: number): number[] {
  return axes
    .map((axis) => {
      const positive = axis < 0 ? axis + rank : axis
      if (positive < 0 || positive >= rank) {
        throw new RangeError(`expected an axis within ±${rank}, got ${axis}`)
      }
      return positive
    })
    .toSorted((a, b) => a - b)
}

/** True when two axis lengths can be the same at run time. */
export function compatible(a: number, b: number): boolean {
  return a === b || a === FREE || b === FREE
}
