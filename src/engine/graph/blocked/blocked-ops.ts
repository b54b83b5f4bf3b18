import { createNode, type Node, type Shape } from '../node.ts'
import { defineOp, int, ints, type Op } from '../op.ts'

/**
 * ONNX Runtime's own operators on its blocked layout: N×C×H×W kept in memory as N×(C/b)×H×W×b.
 * Nodes here state the plain shape; only the order of the values differs.
 */
const domain = 'com.microsoft.nchwc' as const

type OrderAttributes = { readonly channelsLast: boolean }

const ReorderInput = defineOp<OrderAttributes>({
  name: 'ReorderInput',
  infer: ([x], { channelsLast }) => {
    const [n, h, w, c] = x.shape as [number, number, number, number]
    return { shape: channelsLast ? [n, c, h, w] : x.shape, dtype: x.dtype }
  },
  gradient: null,
  emit: ({ channelsLast }) => ({
    domain,
    attributes: { channels_last: int(channelsLast ? 1 : 0) },
  }),
})

const ReorderOutput = defineOp<OrderAttributes>({
  name: 'ReorderOutput',
  infer: ([x], { channelsLast }) => {
    const [n, c, h, w] = x.shape as [number, number, number, number]
    return { shape: channelsLast ? [n, h, w, c] : x.shape, dtype: x.dtype }
  },
  gradient: null,
  emit: ({ channelsLast }, { inputs: [x] }) => ({
    domain,
    attributes: { channels: int(x.shape[1]), channels_last: int(channelsLast ? 1 : 0) },
  }),
})

export type BlockedConvolution = {
  readonly stride: number
  /** Zeros before the rows, before the columns, after the rows, after the columns. */
  readonly pads: readonly number[]
  /** K, and the kernel's rows and columns. */
  readonly filters: number
  readonly kernel: readonly [number, number]
}

const Conv = defineOp<BlockedConvolution>({
  name: 'Conv',
  infer: ([x], { stride, pads, filters, kernel }) => {
    const size = kernel.map((length, i) => {
      const room = x.shape[i + 2] + pads[i] + pads[i + 2] - length
      return Math.floor(room / stride) + 1
    })
    return { shape: [x.shape[0], filters, ...size], dtype: 'float32' }
  },
  gradient: null,
  emit: ({ stride, pads, kernel }) => ({
    domain,
    attributes: { kernel_shape: ints(kernel), strides: ints([stride, stride]), pads: ints(pads) },
  }),
})

type PoolAttributes = { readonly size: number; readonly shape: Shape }

const pool = (name: string): Op =>
  defineOp<PoolAttributes>({
    name,
    infer: (_, { shape }) => ({ shape, dtype: 'float32' }),
    gradient: null,
    emit: ({ size }) => ({
      domain,
      attributes: { kernel_shape: ints([size, size]), strides: ints([size, size]) },
    }),
  })

const MaxPool = pool('MaxPool')
const AveragePool = pool('AveragePool')

type UpsampleAttributes = { readonly factor: number; readonly shape: Shape }

const Upsample = defineOp<UpsampleAttributes>({
  name: 'Upsample',
  infer: (_, { shape }) => ({ shape, dtype: 'float32' }),
  gradient: null,
  emit: ({ factor }) => ({ domain, attributes: { scales: ints([1, 1, factor, factor]) } }),
})

/** N×C×H×W, or N×H×W×C, to blocked. */
export const reorderInput = (x: Node, channelsLast: boolean): Node =>
  createNode(ReorderInput, [x], { channelsLast })
/** Blocked to N×C×H×W, or to N×H×W×C. */
export const reorderOutput = (x: Node, channelsLast: boolean): Node =>
  createNode(ReorderOutput, [x], { channelsLast })
/** Weights in the order of `blockWeights`; the bias stays plain. */
export const blockedConvolution = (
  operands: readonly Node[],
  attributes: BlockedConvolution,
): Node => createNode(Conv, operands, attributes)
export const blockedMaxPool = (x: Node, attributes: PoolAttributes): Node =>
  createNode(MaxPool, [x], attributes)
export const blockedAveragePool = (x: Node, attributes: PoolAttributes): Node =>
  createNode(AveragePool, [x], attributes)
export const blockedUpsample = (x: Node, attributes: UpsampleAttributes): Node =>
  createNode(Upsample, [x], attributes)
