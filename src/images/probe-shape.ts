import { DriftError } from '../errors.ts'
import type { BatchOptions, ImageShape, ImageSource, SampledImage } from './image-source.ts'
import type { PixelDepth } from './image-source.ts'
import { firstImages } from './sample-images.ts'

/** Images looked at to decide on a shape. */
const SAMPLE = 256

/** A shape and a depth for all images of a source, and what a reader should know of the choice. */
export type ProbedShape = {
  readonly shape: ImageShape
  /** Bits of a channel that most images hold. */
  readonly depth: PixelDepth
  readonly notes: readonly string[]
}

type Described = Exclude<SampledImage, { error: string }>

/**
 * The shape to work in, from a sample spread over the source: height and width of most images, or where sizes vary their
 * medians; the depth of most; one channel when all images of the sample are grey (stored so, or with R = G = B everywhere).
 */
export async function probeShape(
  source: ImageSource,
  options: Pick<BatchOptions, 'signal'> = {},
): Promise<ProbedShape> {
  const images: Described[] = []
  const errors: string[] = []
  for await (const image of source.sample?.(SAMPLE, options) ??
    firstImages(source, SAMPLE, options)) {
    if ('error' in image) errors.push(image.error)
    else images.push(image)
  }
  if (images.length === 0) throw noneReadable(source, errors)
  const size = commonSize(images)
  const channels = commonChannels(images)
  const depth = commonDepth(images)
  return {
    shape: { channels, ...size },
    depth,
    notes: [
      ...noteOnSizes(images, size),
      ...noteOnColours(images, channels),
      ...noteOnDepths(images, depth),
    ],
  }
}

function noneReadable({ location }: ImageSource, errors: readonly string[]): DriftError {
  const message = `expected readable images, found none in ${location}`
  const hint = `${errors.length} of a sample could not be read; the first: ${errors[0]}`
  return new DriftError('source.empty', message, errors.length === 0 ? {} : { hint })
}

type Size = { readonly height: number; readonly width: number }

function commonSize(images: readonly Described[]): Size {
  const groups = Map.groupBy(images, ({ shape }) => `${shape.height}×${shape.width}`)
  const [most] = [...groups.values()].toSorted((a, b) => b.length - a.length)
  const [{ shape }] = most
  if (2 * most.length >= images.length) return { height: shape.height, width: shape.width }
  return {
    height: median(images.map((image) => image.shape.height)),
    width: median(images.map((image) => image.shape.width)),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function commonChannels(images: readonly Described[]): number {
  const other = images.find(({ shape: { channels } }) => channels !== 1 && channels !== 3)
  if (other !== undefined) return other.shape.channels
  return images.every(({ isGrey }) => isGrey) ? 1 : 3
}

/** Proportions that differ by less than this are the same to the eye. */
const VISIBLE_STRETCH = 1.1

function noteOnSizes(images: readonly Described[], { height, width }: Size): string[] {
  const differing = images.filter(({ shape }) => shape.height !== height || shape.width !== width)
  if (differing.length === 0) return []
  const stretched = differing.filter(({ shape }) => {
    const ratio = (shape.width / shape.height) * (height / width)
    return Math.max(ratio, 1 / ratio) > VISIBLE_STRETCH
  })
  const share = percent(differing.length, images.length)
  const proportions =
    stretched.length === 0
      ? 'all of nearly the same proportions'
      : `${percent(stretched.length, images.length)} of other proportions, which resizing changes`
  return [
    `sizes differ: ${width}×${height} (width × height) is taken for all, ${share} of ${images.length} sampled images have another size, ${proportions}`,
  ]
}

function noteOnColours(images: readonly Described[], channels: number): string[] {
  const grey = images.filter(({ isGrey }) => isGrey).length
  if (channels !== 3 || grey === 0) return []
  return [
    `${percent(grey, images.length)} of ${images.length} sampled images are grey, the others in colour: all are taken as colour`,
  ]
}

function commonDepth(images: readonly Described[]): PixelDepth {
  const deep = images.filter(({ depth }) => depth === 16).length
  return 2 * deep > images.length ? 16 : 8
}

function noteOnDepths(images: readonly Described[], depth: PixelDepth): string[] {
  const others = images.filter((image) => image.depth !== depth).length
  if (others === 0) return []
  const [got, effect] =
    depth === 8 ? ['more than 8 bits', 'all are rounded to 8'] : ['8 bits', 'all are taken as 16']
  return [
    `${percent(others, images.length)} of ${images.length} sampled images hold ${got} a channel: ${effect}`,
  ]
}

function percent(part: number, whole: number): string {
  const share = (100 * part) / whole
  return share < 1 ? 'fewer than 1%' : `${Math.round(share)}%`
}
