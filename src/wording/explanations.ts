/** What changes of one kind make of the measures of another: a sight that is but that is not told. */
import type { QuantityEvidence } from '../verdict/index.ts'

/** Which way a feature went; `mixed` where images changed but hardly their mean. */
export type Way = 'up' | 'down' | 'mixed'

/** Everything that changed: features by name, and the sights they make. */
export type Scene = {
  readonly features: ReadonlyMap<string, QuantityEvidence>
  readonly sights: ReadonlyMap<string, Seen>
}

/** A sight, as far as explanations look at it. */
export type Seen = {
  readonly name: string
  readonly way: Way
  readonly feature: QuantityEvidence
  /** In [0, 1]. */
  readonly strength: number
}

/** Closer to a half than this, neither sample is above the other. */
const CLEAR_AUC = 0.05

/** Which way a feature went, by most images and by their mean. */
export function wayOf({ auc, referenceMean, batchMean }: QuantityEvidence): Way {
  if (auc > 0.5 + CLEAR_AUC && batchMean > referenceMean) return 'up'
  if (auc < 0.5 - CLEAR_AUC && batchMean < referenceMean) return 'down'
  return 'mixed'
}

/** Whether something else explains what is seen. */
export function isExplained(one: Seen, scene: Scene): boolean {
  return EXPLANATIONS[one.name]?.(one, scene) ?? false
}

type Explanation = (one: Seen, scene: Scene) => boolean

/** A change of contrast scales every difference between pixels; what goes further than this times it is its own. */
const BEYOND = 1.4

const byContrast: Explanation = ({ feature }, scene) => {
  const own = growth(feature)
  // Of colour images each channel's: their common one holds the differences between the channels too.
  const contrasts = ['std', 'red-std', 'green-std', 'blue-std'].map((name) =>
    growth(scene.features.get(name)),
  )
  const most = contrasts.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))
  return own * most > 0 && Math.abs(own) <= BEYOND * Math.abs(most)
}

/** Added grain raises contrast, sharpness and colour too, and breaks up even areas. */
const byGrain: Explanation = (one, scene) =>
  one.way !== 'down' && isBeside(one, scene, { any: ['noise', 'specks'], way: 'up' })

/** A tenth more or less sharp is not seen where the light or the contrast is. */
const isSlightBeside: Explanation = ({ feature }, scene) =>
  Math.abs(growth(feature)) < 0.1 && isAnyTold(['brightness', 'contrast'], scene)

/** Blurred: sharpness fell further than contrast took it. */
function isBlurred(scene: Scene): boolean {
  const sharpness = scene.sights.get('sharpness')
  return sharpness?.way === 'down' && !byContrast(sharpness, scene)
}

/** A blur takes the grain away with the edges; and hard edges look like grain, but leave even areas and single pixels alone. */
const byEdges: Explanation = (one, scene) => {
  const noise = scene.features.get('noise')
  if (noise === undefined || wayOf(noise) !== one.way) return true
  // Nor is there grain in black areas and behind what covers the image.
  if (one.way === 'down')
    return isBlurred(scene) || isBeside(one, scene, { any: ['black', 'white', 'lines'], way: 'up' })
  return !['smooth-noise', 'bright-spike', 'dark-spike'].some((name) => {
    const feature = scene.features.get(name)
    return (
      feature !== undefined &&
      wayOf(feature) === 'up' &&
      feature.kolmogorovSmirnov >= 0.3 * one.strength
    )
  })
}

/** Single pixels stand out by a tenth more before they are seen; any grain has some, and only what goes beyond it is its own. */
const byMereGrain: Explanation = ({ feature }, scene) =>
  growth(feature) < 0.1 ||
  (scene.sights.get('noise')?.way === 'up' &&
    isTold('noise', scene) &&
    growth(feature) < 0.75 * growth(scene.features.get('noise')))

/** Place and size of the bright parts, of the width or height. */
const FAR = 0.03

function isFar({ name, feature }: Seen): boolean {
  // What is darker or flatter than a fixed level has no edge at all.
  return !name.startsWith('reach-') && Math.abs(feature.batchMean - feature.referenceMean) >= FAR
}

/** Bright grain, lines, or a border of another brightness feign other places and sizes of the content; so do flatter images. */
const byForeground: Explanation = (one, scene) =>
  isBeside(one, scene, {
    any: ['brightness', 'contrast', 'sharpness', 'border'],
    share: isFar(one) ? 1 : 0.6,
  }) || isBeside(one, scene, { any: ['noise', 'specks', 'lines'], way: 'up' })

/** Brighter all over: the border comes along. */
const byBrightness: Explanation = (one, scene) => {
  const brightness = scene.sights.get('brightness')
  if (brightness?.way !== one.way || !isTold('brightness', scene)) return false
  const { feature } = brightness
  return (
    feature.kolmogorovSmirnov >= one.strength - AS_STRONG ||
    Math.abs(growth(one.feature)) <= BEYOND * Math.abs(growth(feature))
  )
}

/** Dark and bright tones move with light, contrast, grain, and what a blur mixes. */
const byLight: Explanation = (_, scene) =>
  isAnyTold(['brightness', 'contrast', 'sharpness', 'noise', 'specks'], scene)

/** What is told of the whole image takes a pattern of blocks away. */
const byWholeImage: Explanation = (one, scene) => one.way === 'down' && byLight(one, scene)

/** A blur makes images more symmetric. */
const byBlur: Explanation = (one, scene) => one.way === 'down' && isBlurred(scene)

/** Fewer tones are seen only where few are left. */
const FEW_TONES = 32

/** A black or white area is seen from this share of the pixels on, a border from such a step between black and white. */
const VISIBLE = 0.02

const byLittle: Explanation = ({ feature }) =>
  Math.abs(feature.batchMean - feature.referenceMean) < VISIBLE

/** Grain makes black and white pixels; another light, a flatter or a blurred image takes them away. */
const byPixels: Explanation = (one, scene) =>
  byLittle(one, scene) || (one.way === 'up' ? byGrain(one, scene) : byLight(one, scene))

/** Stronger and paler colours bring warmth and tints along; where they went further than that, they are their own. */
const bySaturation: Explanation = ({ feature, way }, scene) => {
  const colour = scene.features.get('chroma') ?? scene.features.get('std')
  if (colour === undefined) return false
  if (way === 'mixed') return isTold('colour', scene)
  const own = growth(feature)
  return own * growth(colour) > 0 && Math.abs(own) <= BEYOND * Math.abs(growth(colour))
}

/** Proportions of the colours are told only where no sight of colour or light is. */
const byColourOrLight: Explanation = (_, scene) =>
  isAnyTold(
    ['brightness', 'contrast', 'sharpness', 'noise', 'colour', 'warmth', 'green', 'hue'],
    scene,
  )

/** Light and grain turn hues a little too. */
const byOtherColour: Explanation = (_, scene) =>
  isAnyTold(['brightness', 'contrast', 'noise', 'colour', 'warmth', 'green'], scene)

/** Everything that changes pixels makes them unlike the training images; other content is what nothing else explains. */
const byAppearance: Explanation = (one, scene) =>
  isBeside(one, scene, {
    any: [
      'brightness',
      'contrast',
      'sharpness',
      'noise',
      'specks',
      'lines',
      'blocks',
      'few-tones',
      'colour',
      'warmth',
      'green',
      'border',
      'black',
      'white',
    ],
    share: 0.6,
  })

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  contrast: byGrain,
  sharpness: (one, scene) =>
    byContrast(one, scene) || byGrain(one, scene) || isSlightBeside(one, scene),
  noise: (one, scene) => byContrast(one, scene) || byEdges(one, scene),
  specks: (one, scene) => byContrast(one, scene) || byMereGrain(one, scene),
  lines: (one, scene) => byContrast(one, scene) || byGrain(one, scene),
  blocks: byWholeImage,
  'few-tones': ({ feature }) => feature.batchMean > FEW_TONES,
  colour: (one, scene) => byContrast(one, scene) || byGrain(one, scene),
  colourless: (_, scene) =>
    isAnyTold(['noise', 'few-tones', 'colour', 'brightness', 'black', 'white'], scene),
  warmth: bySaturation,
  green: bySaturation,
  hue: byOtherColour,
  channels: byColourOrLight,
  filling: (one, scene) =>
    byLittle(one, scene) ||
    byContrast(one, scene) ||
    byBlur(one, scene) ||
    isBeside(one, scene, {
      any: ['noise', 'specks', 'lines', 'black', 'few-tones'],
      share: 0.6,
      way: 'up',
    }),
  border: (one, scene) =>
    byLittle(one, scene) ||
    byBrightness(one, scene) ||
    (scene.sights.get('filling')?.way === one.way && isBeside(one, scene, { any: ['filling'] })),
  black: byPixels,
  white: byPixels,
  'position-x': byForeground,
  'position-y': byForeground,
  width: byForeground,
  height: byForeground,
  'reach-left': byForeground,
  'reach-right': byForeground,
  'reach-top': byForeground,
  'reach-bottom': byForeground,
  slant: byForeground,
  symmetry: (one, scene) =>
    byBlur(one, scene) || byContrast(one, scene) || byForeground(one, scene),
  detail: (one, scene) =>
    byContrast(one, scene) || isAnyTold(['sharpness', 'noise', 'specks', 'lines', 'blocks'], scene),
  'dark-tones': (one, scene) => byLight(one, scene) || isTold('black', scene),
  'middle-tones': byLight,
  'bright-tones': (one, scene) => byLight(one, scene) || isTold('white', scene),
  content: byAppearance,
  'colour-detail': (_, scene) => isAnyTold(['sharpness', 'noise', 'specks', 'colour'], scene),
  'exact-black': (one, scene) =>
    scene.sights.get('black')?.way === one.way && isTold('black', scene),
  'exact-white': (one, scene) =>
    scene.sights.get('white')?.way === one.way && isTold('white', scene),
  unusualness: (_, scene) => isTold('content', scene),
}

/** How much a feature grew: the logarithm of the ratio of its means; 0 where it did not change or has no such ratio. */
export function growth(feature: QuantityEvidence | undefined): number {
  if (feature === undefined || feature.referenceMean <= 0 || feature.batchMean < 0) return 0
  return Math.max(-10, Math.log(feature.batchMean / feature.referenceMean))
}

/** Strengths closer than this are alike. */
const AS_STRONG = 0.05

/** Whether a sight stands on its own. */
function isTold(name: string, scene: Scene): boolean {
  const one = scene.sights.get(name)
  return one !== undefined && !isExplained(one, scene)
}

/** What else has to be told: any of these sights, about as strong as this one or as `share` of it, going that way. */
type Beside = { readonly any: readonly string[]; readonly share?: number; readonly way?: Way }

function isBeside(one: Seen, scene: Scene, { any, share = 1, way }: Beside): boolean {
  return any.some((name) => {
    const other = scene.sights.get(name)
    return (
      other !== undefined &&
      (way === undefined || other.way === way) &&
      other.strength >= one.strength * share - AS_STRONG &&
      !isExplained(other, scene)
    )
  })
}

/** Whether any of these sights stands on its own, however strong. */
function isAnyTold(names: readonly string[], scene: Scene): boolean {
  return names.some((name) => isTold(name, scene))
}
