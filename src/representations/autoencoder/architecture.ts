import {
  convolutionLayer,
  denseLayer,
  flattenLayer,
  type Layer,
  maxPoolLayer,
  type Node,
  ops,
  reluLayer,
  reshapeLayer,
  sequential,
  stateless,
  upsampledConvolutionLayer,
} from '../../engine/index.ts'
import type { ImageShape } from '../../images/index.ts'

/** Encoder and decoder of one image shape. */
export type Architecture = {
  readonly name: string
  /** N×C×H×W to the representation. */
  readonly encoder: Layer
  /** Representation to the logits of N×C×H×W. */
  readonly decoder: Layer
  /** Representation to N×codeSize numbers. */
  code(representation: Node): Node
  readonly codeSize: number
}

/** Side down to which images are halved. */
const SMALLEST_SIDE = 8
const CHANNELS = [16, 32, 48, 64]

/** Code size for an image shape: 8 to 60, growing by 8 with each doubling of the number of values. */
export function codeSizeFor({ channels, height, width }: ImageShape): number {
  const doublings = Math.ceil(Math.log2(channels * height * width))
  return Math.min(60, Math.max(8, 8 * doublings - 48))
}

/**
 * The default: stride-2 convolutions down to a side of at most 8, a dense code of fewer than 64 numbers,
 * and the way back by upsampled convolutions. Any image shape; sides that don't halve evenly are cropped at the end.
 */
export function bottleneckArchitecture(shape: ImageShape): Architecture {
  const sides = [[shape.height, shape.width] as const]
  while (Math.max(...sides.at(-1)!) > SMALLEST_SIDE) {
    const [height, width] = sides.at(-1)!
    sides.push([Math.ceil(height / 2), Math.ceil(width / 2)])
  }
  const levels = Math.max(1, sides.length - 1)
  const widths = Array.from(
    { length: levels },
    (_, i) => CHANNELS[Math.min(i, CHANNELS.length - 1)],
  )
  const [height, width] = sides.at(-1)!
  const last = widths.at(-1)!
  const flat = last * height * width
  const codeSize = codeSizeFor(shape)
  const stride = sides.length > 1 ? 2 : 1
  return {
    name: 'bottleneck',
    codeSize,
    code: (representation) => representation,
    encoder: sequential([
      ...downLayers(shape.channels, widths, stride),
      flattenLayer,
      denseLayer(flat, codeSize),
    ]),
    decoder: sequential([
      denseLayer(codeSize, flat),
      reluLayer,
      reshapeLayer([last, height, width]),
      ...upLayers(shape.channels, widths, stride),
      stateless((x) => crop(x, shape)),
    ]),
  }
}

function downLayers(channels: number, widths: readonly number[], stride: number): Layer[] {
  return widths.flatMap((outChannels, i) => [
    convolutionLayer({ inChannels: i === 0 ? channels : widths[i - 1], outChannels, stride }),
    reluLayer,
  ])
}

function upLayers(channels: number, widths: readonly number[], stride: number): Layer[] {
  const layer = stride === 2 ? upsampledConvolutionLayer : convolutionLayer
  return widths.toReversed().flatMap((inChannels, i) => {
    const outChannels = widths[widths.length - 2 - i] ?? channels
    const up = layer({ inChannels, outChannels })
    return i === widths.length - 1 ? [up] : [up, reluLayer]
  })
}

function crop(x: Node, { height, width }: ImageShape): Node {
  return ops.slice(x, { axes: [2, 3], starts: [0, 0], ends: [height, width] })
}

/**
 * The published 28×28 architecture: conv 32, pool, conv 32, pool; conv 32, up, conv 32, up, conv to one channel;
 * 3×3 kernels and ReLU throughout. Its representation keeps 32 channels at a quarter of the side;
 * the code is their mean over the image. Sides must be multiples of 4.
 */
export function recipeArchitecture({ channels, height, width }: ImageShape): Architecture {
  if (height % 4 !== 0 || width % 4 !== 0) {
    throw new RangeError(
      `expected sides that are multiples of 4 for the recipe, got ${height}×${width}`,
    )
  }
  const width32 = { outChannels: 32, initial: 'glorot-uniform' } as const
  return {
    name: 'recipe',
    codeSize: 32,
    code: (representation) => ops.reduceMean(representation, [2, 3]),
    // ReLU and max-pooling commute; pooling first is a quarter of the work.
    encoder: sequential([
      convolutionLayer({ inChannels: channels, ...width32 }),
      maxPoolLayer(2),
      reluLayer,
      convolutionLayer({ inChannels: 32, ...width32 }),
      maxPoolLayer(2),
      reluLayer,
    ]),
    decoder: sequential([
      convolutionLayer({ inChannels: 32, ...width32 }),
      reluLayer,
      upsampledConvolutionLayer({ inChannels: 32, ...width32 }),
      reluLayer,
      upsampledConvolutionLayer({
        inChannels: 32,
        outChannels: channels,
        initial: 'glorot-uniform',
      }),
    ]),
  }
}
