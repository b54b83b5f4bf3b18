import { DriftError } from '../../errors.ts'
import { type ImageShape, planeResampler } from '../../images/index.ts'

/** What is done to pixels in [0, 1] before the classifier sees them: resize, × scale, − mean, ÷ std. */
export type ClassifierPreprocessing = {
  /** Default 1; 255 for models that were trained on bytes. */
  readonly scale?: number | undefined
  /** One number, or one per channel of the model, after scaling; default 0. */
  readonly mean?: readonly number[] | undefined
  /** Like `mean`; default 1. */
  readonly std?: readonly number[] | undefined
  /** Default: what the model's input shape says. */
  readonly layout?: 'nchw' | 'nhwc' | undefined
  /** Default `rgb`. */
  readonly channelOrder?: 'rgb' | 'bgr' | undefined
  /** Height and width; default what the model declares, else those of the images. */
  readonly size?: readonly [number, number] | undefined
}

/** How an image becomes the model's input. */
export type InputPlan = {
  /** `flat`: one vector of channel, row, column. */
  readonly layout: 'nchw' | 'nhwc' | 'flat'
  /** The model's, not the images'. */
  readonly shape: ImageShape
  readonly scale: number
  /** One per channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly channelOrder: 'rgb' | 'bgr'
}

/** Settles layout, channels and size from the declared input shape (−1 = free), the images' and the options. */
export function planInput(
  declared: readonly number[],
  images: ImageShape,
  options: ClassifierPreprocessing,
): InputPlan {
  const { layout, axes } = inputAxes(declared, images, options)
  const settle = (axis: number, wanted: number): number => (axis > 0 ? axis : wanted)
  const shape = {
    channels: settle(axes.channels, images.channels),
    height: settle(axes.height, options.size?.[0] ?? images.height),
    width: settle(axes.width, options.size?.[1] ?? images.width),
  }
  requireSize(shape, options.size)
  requireChannels(images.channels, shape.channels)
  return {
    layout,
    shape,
    scale: options.scale ?? 1,
    mean: perChannel('mean', options.mean ?? [0], shape.channels),
    std: perChannel('std', options.std ?? [1], shape.channels),
    channelOrder: options.channelOrder ?? 'rgb',
  }
}

/** The plan in words, for reports. */
export function describeInput({
  layout,
  shape,
  scale,
  mean,
  std,
  channelOrder,
}: InputPlan): string {
  const { channels, height, width } = shape
  const sizes = {
    nchw: `N×${channels}×${height}×${width}`,
    nhwc: `N×${height}×${width}×${channels}`,
    flat: `N×${channels * height * width}`,
  }
  const order = channels === 3 ? `, ${channelOrder.toUpperCase()}` : ''
  const factor = scale === 1 ? '' : ` × ${scale}`
  return `float32 ${sizes[layout]}${order}: (pixel in [0, 1]${factor} − [${mean.join(', ')}]) / [${std.join(', ')}]`
}

/** Writes one prepared image into `target` from `at` on; its scratch memory is reused. */
export type ImagePreparer = (image: Float32Array, target: Float32Array, at: number) => void

/** Applies a plan to C×H×W images. */
export function imagePreparer(plan: InputPlan, images: ImageShape): ImagePreparer {
  const { channels, height, width } = plan.shape
  const size = height * width
  const sourceSize = images.height * images.width
  const resample = planeResampler(images, plan.shape)
  const grey = new Float32Array(sourceSize)
  const resized = new Float32Array(size)
  const step = plan.layout === 'nhwc' ? channels : 1
  return (image, target, at) => {
    for (let c = 0; c < channels; c++) {
      const from = plan.channelOrder === 'bgr' ? channels - 1 - c : c
      resample(sourcePlane(image, from, { sourceSize, channels, grey }), resized)
      let to = at + (plan.layout === 'nhwc' ? c : c * size)
      for (let i = 0; i < size; i++, to += step) {
        target[to] = (resized[i] * plan.scale - plan.mean[c]) / plan.std[c]
      }
    }
  }
}

/** Grey for one channel of three (ITU-R 601, as Pillow), the one channel for each of several, else as it is. */
function sourcePlane(
  image: Float32Array,
  channel: number,
  { sourceSize, channels, grey }: { sourceSize: number; channels: number; grey: Float32Array },
): Float32Array {
  const sourceChannels = image.length / sourceSize
  if (sourceChannels === 1) return image
  if (sourceChannels === channels) {
    return image.subarray(channel * sourceSize, (channel + 1) * sourceSize)
  }
  for (let i = 0; i < sourceSize; i++) {
    grey[i] = 0.299 * image[i] + 0.587 * image[i + sourceSize] + 0.114 * image[i + 2 * sourceSize]
  }
  return grey
}

type Axes = { readonly channels: number; readonly height: number; readonly width: number }

function inputAxes(
  declared: readonly number[],
  images: ImageShape,
  options: ClassifierPreprocessing,
): { readonly layout: InputPlan['layout']; readonly axes: Axes } {
  if (declared.length === 2) return { layout: 'flat', axes: flatAxes(declared[1], images, options) }
  if (declared.length !== 4) {
    throw new DriftError(
      'config.invalid',
      `expected a classifier input of 4 axes (or 2: flat pixels), got [${declared.join(', ')}]`,
    )
  }
  const [, second, third, fourth] = declared
  const couldHoldChannels = (axis: number): boolean => [1, 3, images.channels].includes(axis)
  const last =
    options.layout === 'nhwc' || (!couldHoldChannels(second) && couldHoldChannels(fourth))
  return options.layout !== 'nchw' && last
    ? { layout: 'nhwc', axes: { channels: fourth, height: second, width: third } }
    : { layout: 'nchw', axes: { channels: second, height: third, width: fourth } }
}

function flatAxes(length: number, images: ImageShape, { size }: ClassifierPreprocessing): Axes {
  const [height, width] = size ?? [images.height, images.width]
  const channels = length > 0 ? length / (height * width) : images.channels
  if (Number.isInteger(channels)) return { channels, height, width }
  throw new DriftError(
    'config.invalid',
    `expected a flat classifier input of a multiple of ${height}×${width} pixels, got ${length}`,
    { hint: 'State the size (height and width) the classifier takes.' },
  )
}

function requireSize(
  { height, width }: ImageShape,
  size: readonly [number, number] | undefined,
): void {
  if (size !== undefined && (size[0] !== height || size[1] !== width)) {
    throw new DriftError(
      'config.invalid',
      `expected the size ${height}×${width} that the classifier declares, got ${size.join('×')}`,
    )
  }
}

function requireChannels(images: number, model: number): void {
  if (images === model || images === 1 || (images === 3 && model === 1)) return
  throw new DriftError(
    'config.invalid',
    `expected a classifier of ${images === 3 ? '3 or 1' : images} channels like the images, got ${model}`,
    { hint: 'Fit on images of the classifier’s channels, or state its layout (nchw or nhwc).' },
  )
}

function perChannel(name: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length === channels) return values
  if (values.length === 1) return Array.from({ length: channels }, () => values[0])
  throw new DriftError(
    'config.invalid',
    `expected 1 or ${channels} numbers as ${name} of the classifier, got ${values.length}`,
  )
}
