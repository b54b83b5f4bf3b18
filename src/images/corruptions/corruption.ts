import type { Random, Tensor } from '../../tensor/index.ts'

/** Named strengths of a corruption. */
export type CorruptionParameters = Readonly<Record<string, number | boolean>>

/** A synthetic shift with its own parameters: a named, seeded change of images of any C×H×W. */
export type CorruptionOf<P extends CorruptionParameters> = {
  /** Kebab-case, unique. */
  readonly name: string
  readonly title: string
  /** The defaults. */
  readonly parameters: P
  /** Five settings, mildest first. */
  readonly severities: readonly [P, P, P, P, P]
  /** A changed copy of N×C×H×W in [0, 1], in [0, 1] again; parameters left out take their defaults. */
  apply(pixels: Tensor, options: { readonly random: Random } & Partial<P>): Tensor | Promise<Tensor>
}

/** Any synthetic shift, as the registry lists them; a parameter it does not have is a TypeError. */
export type Corruption = Omit<CorruptionOf<CorruptionParameters>, 'apply'> & {
  apply(
    pixels: Tensor,
    options: { readonly random: Random; readonly [parameter: string]: unknown },
  ): Tensor | Promise<Tensor>
}

/** Strengths of what is blended in: 1 is all of it. */
export const BLENDED: Pick<
  CorruptionOf<{ readonly strength: number }>,
  'parameters' | 'severities'
> = {
  parameters: { strength: 1 },
  severities: [
    { strength: 0.1 },
    { strength: 0.25 },
    { strength: 0.5 },
    { strength: 0.75 },
    { strength: 1 },
  ],
}

/** One image that may be written to, C×H×W. */
export type WritableImage = {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

/** Images that may be written to, all of one shape. */
export type WritableImages = {
  readonly count: number
  /** A view of image `index`. */
  readonly image: (index: number) => WritableImage
}

/** What a corruption has to say; `defineCorruption` copies, checks and clips. */
export type CorruptionDefinition<P extends CorruptionParameters> = Omit<
  CorruptionOf<P>,
  'apply'
> & {
  readonly corrupt: (images: WritableImages, parameters: P, random: Random) => void | Promise<void>
}

/** Makes a corruption of a definition that writes into a copy of the images. */
export function defineCorruption<P extends CorruptionParameters>(
  definition: CorruptionDefinition<P>,
): CorruptionOf<P> {
  const { corrupt, ...described } = definition
  return {
    ...described,
    apply(pixels, { random, ...given }) {
      const parameters = mergeParameters(definition, given as unknown as Partial<P>)
      const copy = { shape: pixels.shape, data: pixels.data.slice() }
      const done = corrupt(writableImages(copy), parameters, random)
      if (!(done instanceof Promise)) return clip(copy)
      return done.then(() => clip(copy))
    },
  }
}

/** Makes a corruption that changes one image at a time. */
export function defineImageCorruption<P extends CorruptionParameters>({
  corrupt,
  ...described
}: Omit<CorruptionOf<P>, 'apply'> & {
  readonly corrupt: (image: WritableImage, parameters: P, random: Random) => void
}): CorruptionOf<P> {
  return defineCorruption({
    ...described,
    corrupt: (images, parameters, random) => {
      for (let i = 0; i < images.count; i++) corrupt(images.image(i), parameters, random)
    },
  })
}

/** Applies `change` to every plane (H×W) of an image; what it returns replaces the plane. */
export function mapPlanes(
  { channels, height, width, data }: WritableImage,
  change: (plane: Float32Array) => Float32Array,
): void {
  const area = height * width
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * area, (channel + 1) * area)
    plane.set(change(plane))
  }
}

/** Replaces every value of an image. */
export function mapValues({ data }: WritableImage, change: (value: number) => number): void {
  for (let i = 0; i < data.length; i++) data[i] = change(data[i])
}

function writableImages({ shape, data }: Tensor): WritableImages {
  const [count = 0, channels = 0, height = 0, width = 0] = shape
  if (shape.length !== 4) throw new RangeError(`expected N×C×H×W, got [${shape.join(', ')}]`)
  const size = channels * height * width
  return {
    count,
    image: (index) => ({
      channels,
      height,
      width,
      data: data.subarray(index * size, (index + 1) * size),
    }),
  }
}

function mergeParameters<P extends CorruptionParameters>(
  { name, parameters }: Omit<CorruptionOf<P>, 'apply'>,
  given: Partial<P>,
): P {
  for (const key of Object.keys(given)) {
    if (key in parameters) continue
    const known = Object.keys(parameters).join(', ') || 'none'
    throw new TypeError(`expected parameters of ${name} (${known}), got ${key}`)
  }
  return { ...parameters, ...given }
}

function clip(pixels: Tensor): Tensor {
  const { data } = pixels
  for (let i = 0; i < data.length; i++) data[i] = Math.min(1, Math.max(0, data[i]))
  return pixels
}
