import { tensor } from '../../tensor/index.ts'
import { type Node, ops } from '../graph/index.ts'
import type { Initialiser, Layer } from './layer.ts'

export type ConvolutionLayerOptions = {
  readonly inChannels: number
  readonly outChannels: number
  /** Side of the square kernel; default 3. */
  readonly kernel?: number
  readonly stride?: number
  /** Default keeps the size at stride 1. */
  readonly padding?: number
  /** Default `he-normal`, for ReLU. */
  readonly initial?: 'he-normal' | 'glorot-uniform'
}

function kernelInitialiser(
  kind: 'he-normal' | 'glorot-uniform',
  fanIn: number,
  fanOut: number,
): Initialiser {
  return kind === 'he-normal' ? { kind, fanIn } : { kind, fanIn, fanOut }
}

function kernelParameters(options: ConvolutionLayerOptions): Layer['parameters'] {
  const { inChannels, outChannels, kernel = 3, initial = 'he-normal' } = options
  const area = kernel * kernel
  return [
    {
      name: 'weights',
      shape: [outChannels, inChannels, kernel, kernel],
      initial: kernelInitialiser(initial, inChannels * area, outChannels * area),
    },
    { name: 'bias', shape: [outChannels], initial: { kind: 'fixed', value: 0 } },
  ]
}

/** Convolution with bias over N×C×H×W. */
export function convolutionLayer(options: ConvolutionLayerOptions): Layer {
  const { kernel = 3, stride = 1, padding = (kernel - 1) / 2 } = options
  return {
    parameters: kernelParameters(options),
    apply: (x, [weights, bias]) => ops.convolution(x, weights, { stride, padding, bias: bias }),
  }
}

/**
 * Nearest upsampling ×2 followed by a 3×3 convolution, computed as one transposed convolution
 * with a 4×4 kernel of stride 2: the same function with 2.25 times fewer multiplications.
 */
export function upsampledConvolutionLayer(
  options: Omit<ConvolutionLayerOptions, 'kernel' | 'stride' | 'padding'>,
): Layer {
  return {
    parameters: kernelParameters(options),
    apply: (x, [weights, bias]) =>
      ops.convolutionTranspose(x, upsamplingKernel(weights), {
        stride: 2,
        padding: 1,
        bias: bias,
      }),
  }
}

/** The 4×4 transposed kernel C×K×4×4 of a 3×3 kernel K×C×3×3: the sum of its four flipped, shifted copies. */
export function upsamplingKernel(weights: Node): Node {
  const [filters, channels] = weights.shape
  const taps = ops.reshape(ops.transpose(weights, [1, 0, 2, 3]), [channels * filters, 9])
  return ops.reshape(ops.matMul(taps, ops.constant(tensor([9, 16], spreadTaps()))), [
    channels,
    filters,
    4,
    4,
  ])
}

/** 9×16: row (i, j) of the 3×3 kernel, flipped, lands on the four taps (2 − i + a, 2 − j + b), a and b in {0, 1}. */
function spreadTaps(): Float32Array {
  const spread = new Float32Array(9 * 16)
  for (let tap = 0; tap < 9; tap++) {
    const [row, column] = [2 - Math.floor(tap / 3), 2 - (tap % 3)]
    for (const a of [0, 1])
      for (const b of [0, 1]) spread[tap * 16 + (row + a) * 4 + column + b] = 1
  }
  return spread
}
