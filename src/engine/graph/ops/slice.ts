import { createNode, FREE, type Node, type Shape } from '../node.ts'
import { defineOp, type GradientContext } from '../op.ts'
import { add } from './arithmetic.ts'
import { constant } from './leaf.ts'

type SliceAttributes = {
  readonly axes: readonly number[]
  readonly starts: readonly number[]
  /** Exclusive. */
  readonly ends: readonly number[]
  readonly steps: readonly number[]
}

function slicedShape(shape: Shape, { axes, starts, ends, steps }: SliceAttributes): Shape {
  return shape.map((length, axis) => {
    const i = axes.indexOf(axis)
    if (i < 0) return length
    const [start, end, step] = [starts[i], ends[i], steps[i]]
    if (length === FREE || start < 0 || end > length || start >= end || step < 1) {
      throw new RangeError(`expected a slice within 0..${length}, got ${start}..${end} by ${step}`)
    }
    return Math.ceil((end - start) / step)
  })
}

/** Puts each axis' derivative back at its stride, zeros between and around. */
function spread({ grad, inputs: [x], attributes, ops }: GradientContext<SliceAttributes>): Node {
  const { axes, starts, steps } = attributes
  const strided = axes.reduce(
    (value, axis, i) => dilate(value, { axis, step: steps[i] }, ops),
    grad,
  )
  const before = x.shape.map((_, axis) => starts[axes.indexOf(axis)] ?? 0)
  return ops.pad(
    strided,
    before,
    x.shape.map((length, axis) => length - before[axis] - strided.shape[axis]),
  )
}

/** Follows each entry of `axis` with step − 1 zeros. */
function dilate(
  x: Node,
  { axis, step }: { readonly axis: number; readonly step: number },
  ops: GradientContext['ops'],
): Node {
  if (step === 1) return x
  const split = ops.reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)])
  const padded = ops.pad(
    split,
    split.shape.map(() => 0),
    split.shape.map((_, i) => (i === axis + 1 ? step - 1 : 0)),
  )
  return ops.reshape(
    padded,
    x.shape.map((length, i) => (i === axis ? length * step : length)),
  )
}

/** Part of some axes, with positive steps. */
export const Slice = defineOp<SliceAttributes>({
  name: 'Slice',
  infer: ([x], attributes) => ({ shape: slicedShape(x.shape, attributes), dtype: x.dtype }),
  gradient: (context) => [spread(context)],
  emit: ({ axes, starts, ends, steps }) => ({ trailingInputs: [starts, ends, axes, steps] }),
})

type FlipAttributes = { readonly axes: readonly number[] }

/** Smallest 32-bit integer: "to before the first entry" for a backward slice. */
const BEFORE_FIRST = -(2 ** 31)

/** Whole axes backwards: a Slice with step −1. */
export const Flip = defineOp<FlipAttributes>({
  name: 'Flip',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ grad, attributes: { axes }, ops }) => [ops.flip(grad, axes)],
  emit: ({ axes }) => ({
    opType: 'Slice',
    trailingInputs: [axes.map(() => -1), axes.map(() => BEFORE_FIRST), axes, axes.map(() => -1)],
  }),
})

type SliceAtAttributes = { readonly length: number }

/** A slice whose start is known at run time only; no derivative. */
export const SliceAt = defineOp<SliceAtAttributes>({
  name: 'SliceAt',
  infer: ([x], { length }) => ({ shape: [length], dtype: x.dtype }),
  gradient: null,
  emit: () => ({ opType: 'Slice' }),
})

export type SliceOptions = {
  readonly axes: readonly number[]
  readonly starts: readonly number[]
  /** Exclusive. */
  readonly ends: readonly number[]
  /** Positive; default 1. */
  readonly steps?: readonly number[]
}

/** Part of some axes, the others whole. */
export function slice(
  x: Node,
  { axes, starts, ends, steps = axes.map(() => 1) }: SliceOptions,
): Node {
  const whole = axes.every(
    (axis, i) => starts[i] === 0 && ends[i] === x.shape[axis] && steps[i] === 1,
  )
  return whole ? x : createNode(Slice, [x], { axes, starts, ends, steps })
}
/** Reverses whole axes. */
export const flip = (x: Node, axes: readonly number[]): Node => createNode(Flip, [x], { axes })

/** `length` entries of a one-axis node from a position given at run time (`start`: int64, shape [1]). */
export function sliceAt(x: Node, start: Node, length: number): Node {
  const end = add(start, constant({ shape: [1], data: BigInt64Array.of(BigInt(length)) }))
  return createNode(SliceAt, [x, start, end], { length })
}
