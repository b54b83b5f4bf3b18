import type { Random, Tensor } from '../../tensor/index.ts'
import { adjustImages, type Adjustment } from './adjust-images.ts'
import { gaussianBlur } from './blur.ts'
import { saturate } from './colour.ts'
import { defineImageCorruption } from './corruption.ts'
import { scale } from './geometry.ts'
import { brightness, contrast, darken } from './intensity.ts'
import { occlusion } from './lost-data.ts'
import { gaussianNoise, impulseNoise } from './noise.ts'
import { jpegCompression, pixelate } from './resolution.ts'
import { vignette } from './weather.ts'

/** A change of images with one strength, from what nobody sees to what nobody misses. */
export type GradedChange = {
  /** Kebab-case, unique. */
  readonly name: string
  /** What images are then, `{}` where the strength stands: `darker by {}%`. */
  readonly title: string
  /** `falling`: the title has 100 less the strength. */
  readonly scale: 'rising' | 'falling'
  /** The weakest and the strongest worth trying, more than 0; in between they count by their logarithms. */
  readonly from: number
  readonly to: number
  /** Grey images stay as they are. */
  readonly needsColour?: true
  /** A changed copy of N×C×H×W in [0, 1]. */
  apply(pixels: Tensor, options: GradedOptions): Tensor | Promise<Tensor>
}

export type GradedOptions = { readonly strength: number; readonly random: Random }

/** Red up and blue down by `share`: light of another colour. */
const colourCast = defineImageCorruption({
  name: 'colour-cast',
  title: 'Colour cast',
  parameters: { share: 0.1 },
  severities: [{ share: 0.02 }, { share: 0.05 }, { share: 0.1 }, { share: 0.2 }, { share: 0.4 }],
  corrupt: ({ channels, height, width, data }, { share }) => {
    if (channels !== 3) return
    const area = height * width
    for (let i = 0; i < area; i++) {
      data[i] *= 1 + share
      data[i + 2 * area] *= 1 - share
    }
  },
})

/** Middle of the spot, as shares of the height and width. */
const SPOT = { down: 0.35, right: 0.6 }
/** Light that is left behind the middle of it. */
const SPOT_LIGHT = 0.4

/** Dirt on the lens: a soft dark spot at one and the same place, `share` of the shorter side wide. */
const lensSpot = defineImageCorruption({
  name: 'lens-spot',
  title: 'Dirt on the lens',
  parameters: { share: 0.2 },
  severities: [{ share: 0.05 }, { share: 0.1 }, { share: 0.2 }, { share: 0.3 }, { share: 0.5 }],
  corrupt: ({ height, width, data }, { share }) => {
    const radius = (share * Math.min(height, width)) / 2
    const [middleY, middleX] = [SPOT.down * (height - 1), SPOT.right * (width - 1)]
    for (let i = 0; i < data.length; i++) {
      const y = (Math.floor(i / width) % height) - middleY
      const x = (i % width) - middleX
      data[i] *= 1 - (1 - SPOT_LIGHT) * Math.exp(-(x * x + y * y) / (radius * radius))
    }
  },
})

/** What a rehearsal injects. */
export const GRADED_CHANGES: readonly GradedChange[] = [
  {
    name: 'brighter',
    title: 'brighter by {} of 255 grey levels',
    scale: 'rising',
    from: 1,
    to: 128,
    apply: (pixels, { strength, random }) =>
      brightness.apply(pixels, { random, shift: strength / 255 }),
  },
  {
    name: 'darker',
    title: 'darker by {}%',
    scale: 'rising',
    from: 0.5,
    to: 90,
    apply: (pixels, { strength, random }) =>
      darken.apply(pixels, { random, factor: 1 - strength / 100 }),
  },
  {
    name: 'less-contrast',
    title: 'contrast lower by {}%',
    scale: 'rising',
    from: 1,
    to: 95,
    apply: (pixels, { strength, random }) =>
      contrast.apply(pixels, { random, factor: 1 - strength / 100 }),
  },
  {
    name: 'blurred',
    title: 'blurred, by a standard deviation of {} pixels',
    scale: 'rising',
    from: 0.2,
    to: 4,
    apply: (pixels, { strength, random }) =>
      gaussianBlur.apply(pixels, { random, sigma: strength }),
  },
  {
    name: 'noise',
    title: 'noise of {} of 255 grey levels',
    scale: 'rising',
    from: 0.5,
    to: 64,
    apply: (pixels, { strength, random }) =>
      gaussianNoise.apply(pixels, { random, sigma: strength / 255 }),
  },
  {
    name: 'wrong-pixels',
    title: '{}% of the pixels black or white',
    scale: 'rising',
    from: 0.02,
    to: 20,
    apply: (pixels, { strength, random }) =>
      impulseNoise.apply(pixels, { random, share: strength / 100 }),
  },
  {
    name: 'turned',
    title: 'turned by {} degrees, to either side',
    scale: 'rising',
    from: 0.5,
    to: 45,
    apply: (pixels, { strength, random }) =>
      moveEach(pixels, random, (sign) => ({ rotation: strength * sign() })),
  },
  {
    name: 'moved',
    title: 'moved by {}% of the side, in any direction',
    scale: 'rising',
    from: 0.5,
    to: 25,
    apply: (pixels, { strength, random }) =>
      moveEach(pixels, random, (sign) => ({
        down: (strength / 100) * sign(),
        right: (strength / 100) * sign(),
      })),
  },
  {
    name: 'smaller',
    title: 'shown smaller by {}%, on black',
    scale: 'rising',
    from: 0.5,
    to: 60,
    apply: (pixels, { strength, random }) =>
      scale.apply(pixels, { random, factor: 1 - strength / 100 }),
  },
  {
    name: 'coarser',
    title: 'resolution lower by {}%',
    scale: 'rising',
    from: 2,
    to: 85,
    apply: (pixels, { strength, random }) =>
      pixelate.apply(pixels, { random, share: 1 - strength / 100 }),
  },
  {
    name: 'jpeg',
    title: 'compressed as JPEG of quality {}',
    scale: 'falling',
    from: 2,
    to: 95,
    apply: (pixels, { strength, random }) =>
      jpegCompression.apply(pixels, { random, quality: Math.round(100 - strength) }),
  },
  {
    name: 'less-colour',
    title: 'colours paler by {}%',
    scale: 'rising',
    from: 1,
    to: 100,
    needsColour: true,
    apply: (pixels, { strength, random }) =>
      saturate.apply(pixels, { random, factor: 1 - strength / 100, offset: 0 }),
  },
  {
    name: 'colour-cast',
    title: 'light redder by {}%',
    scale: 'rising',
    from: 0.5,
    to: 60,
    needsColour: true,
    apply: (pixels, { strength, random }) =>
      colourCast.apply(pixels, { random, share: strength / 100 }),
  },
  {
    name: 'covered',
    title: 'a black patch anywhere, {}% of the sides long',
    scale: 'rising',
    from: 3,
    to: 70,
    apply: (pixels, { strength, random }) =>
      occlusion.apply(pixels, { random, share: strength / 100 }),
  },
  {
    name: 'lens-spot',
    title: 'dirt on the lens: a spot at one place, {}% of the side wide',
    scale: 'rising',
    from: 3,
    to: 80,
    apply: (pixels, { strength, random }) =>
      lensSpot.apply(pixels, { random, share: strength / 100 }),
  },
  {
    name: 'dark-corners',
    title: 'corners darker by {}%',
    scale: 'rising',
    from: 1,
    to: 100,
    apply: (pixels, { strength, random }) =>
      vignette.apply(pixels, { random, strength: strength / 100 }),
  },
]

/** Each image by a draw of its own, what comes in at the edges as the nearest pixel. */
function moveEach(
  pixels: Tensor,
  random: Random,
  choose: (sign: () => number) => Adjustment,
): Tensor {
  const sign = (): number => (random.uniform() < 0.5 ? -1 : 1)
  const resampling = { interpolation: 'bicubic', border: 'nearest' } as const
  return adjustImages(pixels, () => ({ ...choose(sign), resampling }), {
    random,
    quantised: false,
  })
}
