import { createNode, type Node, type Shape } from '../node.ts'
import { defineOp, ints, type Attributes, type OnnxAttribute } from '../op.ts'
import { biasGradient, kernelGradient } from './kernel-gradient.ts'

/** The same along both image axes. */
export type ConvolutionAttributes = {
  readonly stride: number
  readonly padding: Padding
}

/** Zeros around an image: one count for all sides, or those above, to the left, below and to the right. */
export type Padding = number | readonly [number, number, number, number]

/** The counts above, to the left, below and to the right. */
export function paddingSides(padding: Padding): readonly [number, number, number, number] {
  return typeof padding === 'number' ? [padding, padding, padding, padding] : padding
}

function onnxAttributes(
  weights: Node,
  { stride, padding }: ConvolutionAttributes,
): Record<string, OnnxAttribute> {
  return {
    kernel_shape: ints(weights.shape.slice(2)),
    strides: ints([stride, stride]),
    pads: ints(paddingSides(padding)),
  }
}

function convolvedShape(
  [x, w]: readonly Node[],
  { stride, padding }: ConvolutionAttributes,
): Shape {
  const [n, channels, ...size] = x.shape as [number, number, number, number]
  const [filters, depth, ...kernel] = w.shape as [number, number, number, number]
  if (depth !== channels) throw new RangeError(`expected ${depth} channels, got ${channels}`)
  const sides = paddingSides(padding)
  const out = size.map((length, i) => {
    const room = length + sides[i] + sides[i + 2] - kernel[i]
    return Math.floor(room / stride) + 1
  })
  if (out.some((length) => length < 1)) {
    throw new RangeError(`expected an image of at least ${kernel.join('×')}, got ${size.join('×')}`)
  }
  return [n, filters, ...out]
}

/** Cross-correlation, as in ONNX; bias optional. */
export const Conv = defineOp<ConvolutionAttributes>({
  name: 'Conv',
  infer: (inputs, attributes) => ({ shape: convolvedShape(inputs, attributes), dtype: 'float32' }),
  gradient: ({ grad, inputs: [x, w, bias], attributes: { stride, padding }, ops }) => {
    // Unequal sides: the same convolution of an image padded beforehand.
    const [top, left, bottom, right] = typeof padding === 'number' ? [0, 0, 0, 0] : padding
    const image = ops.pad(x, [0, 0, top, left], [0, 0, bottom, right])
    const even = { stride, padding: typeof padding === 'number' ? padding : 0 }
    const byImage = inputGradient({ grad, weights: w, imageShape: image.shape, ...even })
    const byX = ops.pad(byImage, [0, 0, -top, -left], [0, 0, -bottom, -right])
    const request = { image, grad, kernel: w.shape.slice(2), ...even, ops }
    const byW = kernelGradient(request)
    return bias === undefined ? [byX, byW] : [byX, byW, biasGradient(request, 'grad')]
  },
  emit: (attributes, node) => ({ attributes: onnxAttributes(node.inputs[1], attributes) }),
})

type EvenAttributes = { readonly stride: number; readonly padding: number }

type InputGradient = EvenAttributes & {
  readonly grad: Node
  readonly weights: Node
  readonly imageShape: Shape
}

/** The adjoint of the convolution by its image: the transposed convolution with the same kernel. */
function inputGradient({ grad, weights, imageShape, stride, padding }: InputGradient): Node {
  const kernel = weights.shape[2]
  const reached = (grad.shape[2] - 1) * stride + kernel - 2 * padding
  const reachedWide = (grad.shape[3] - 1) * stride + weights.shape[3] - 2 * padding
  return createNode(ConvTranspose, [grad, weights], {
    stride,
    padding,
    extra: [imageShape[2] - reached, imageShape[3] - reachedWide],
  })
}

export type TransposeAttributes = EvenAttributes & {
  /** Rows and columns added at the end, that the strided convolution would have skipped. */
  readonly extra: readonly [number, number]
}

/** The adjoint of Conv by its image; bias optional. */
export const ConvTranspose = defineOp<TransposeAttributes>({
  name: 'ConvTranspose',
  infer: ([x, w], { stride, padding, extra }) => {
    const [n, channels, ...size] = x.shape as [number, number, number, number]
    const [depth, filters, ...kernel] = w.shape as [number, number, number, number]
    if (depth !== channels) throw new RangeError(`expected ${depth} channels, got ${channels}`)
    const out = size.map((length, i) => (length - 1) * stride + kernel[i] - 2 * padding + extra[i])
    return { shape: [n, filters, ...out], dtype: 'float32' }
  },
  gradient: ({ grad, inputs: [x, w, bias], attributes: { stride, padding }, ops }) => {
    const byX = ops.convolution(grad, w, { stride, padding })
    const request = { image: grad, grad: x, kernel: w.shape.slice(2), stride, padding, ops }
    const byW = kernelGradient(request)
    return bias === undefined ? [byX, byW] : [byX, byW, biasGradient(request, 'image')]
  },
  emit: (attributes, node) => ({
    attributes: {
      ...onnxAttributes(node.inputs[1], attributes),
      output_padding: ints(attributes.extra),
    },
  }),
})

export type ConvolutionOptions = Partial<ConvolutionAttributes> & { readonly bias?: Node }
export type ConvolutionTransposeOptions = Partial<EvenAttributes> & { readonly bias?: Node }

function convolve(op: typeof Conv, operands: readonly Node[], attributes: Attributes): Node {
  return createNode(op, operands, attributes)
}

/** N×C×H×W by kernels K×C×kh×kw to N×K×H'×W'. */
export function convolution(
  x: Node,
  weights: Node,
  { stride = 1, padding = 0, bias }: ConvolutionOptions = {},
): Node {
  return convolve(Conv, bias ? [x, weights, bias] : [x, weights], { stride, padding })
}

/** N×K×H×W by kernels K×C×kh×kw to N×C×H'×W': the adjoint of `convolution` with the same kernels. */
export function convolutionTranspose(
  x: Node,
  weights: Node,
  { stride = 1, padding = 0, bias }: ConvolutionTransposeOptions = {},
): Node {
  const operands = bias ? [x, weights, bias] : [x, weights]
  return convolve(ConvTranspose, operands, { stride, padding, extra: [0, 0] })
}
