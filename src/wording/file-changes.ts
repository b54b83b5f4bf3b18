import type { CategoryEvidence, FeatureEvidence, QuantityEvidence } from '../verdict/index.ts'
import { inShareOfImages } from './figures.ts'
import { isSignificant } from './judged.ts'

/** A change of the files themselves: what the images are now, the figures that say so, and where it usually comes from. */
export type FileChange = {
  /** Follows “the images …” or “they …”. */
  readonly predicate: string
  readonly figures: string
  /** The figures say it all. */
  readonly relative: ''
  /** In how many images, as the end of a sentence; may be empty. */
  readonly extent: string
  /** Follows “look at …”. */
  readonly cause: string
}

/** At most so many changes of files are told. */
const TOLD = 3

/** How the files changed, in the order in which a person would ask: size, format, compression, channels, …; only what is sure. */
export function fileChangesOf(features: readonly FeatureEvidence[]): FileChange[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]))
  const kind = (name: string, words: KindWords): FileChange | undefined => {
    const feature = byName.get(name)
    return feature?.kind === 'category' && isSignificant(feature)
      ? kindChange(feature, words)
      : undefined
  }
  const changes = [
    sizeChange(byName),
    kind('file-format', { predicate: 'come in another file format' }),
    qualityChange(byName),
    kind('file-channels', {
      predicate: 'come in files of other channels',
      whole: (name) => `come as ${name} files`,
    }),
    kind('bit-depth', { predicate: 'come in files of another bit depth' }),
    kind('camera-model', {
      predicate: 'come from another camera',
      cause: 'which cameras or devices send images',
    }),
    kind('chroma-subsampling', { predicate: 'come with another chroma subsampling' }),
  ]
  return changes.filter((change) => change !== undefined).slice(0, TOLD)
}

type Features = ReadonlyMap<string, FeatureEvidence>

type Sized = QuantityEvidence & { readonly typical: NonNullable<QuantityEvidence['typical']> }

function sized(features: Features, name: string): Sized | undefined {
  const feature = features.get(name)
  return feature?.kind === 'quantity' && feature.typical !== undefined
    ? { ...feature, typical: feature.typical }
    : undefined
}

/** What most images have is said without “about”. */
const MOST = 0.5

/** `225×200 pixels, were 450×400`: both sides where either changed. */
function sizeChange(features: Features): FileChange | undefined {
  const [width, height, ratio] = ['image-width', 'image-height', 'aspect-ratio'].map((name) =>
    sized(features, name),
  )
  const changed = [width, height, ratio].filter((one) => one !== undefined && isSignificant(one))
  const [strongest] = changed.toSorted((a, b) => (b?.changedShare ?? 0) - (a?.changedShare ?? 0))
  if (strongest === undefined || width === undefined || height === undefined) return undefined
  const [now, before] = (['batch', 'reference'] as const).map((end) => {
    const sides = [width.typical[end], height.typical[end]]
    const isExact = sides.every(({ share }) => share >= MOST)
    const [across, down] = sides.map(({ value }) => value)
    return { area: across * down, text: `${isExact ? '' : 'about '}${across}×${down}` }
  })
  const cause = 'how images are scaled or cropped on their way here'
  const extent = inShareOfImages(strongest)
  if (now.text === before.text) {
    return {
      predicate: 'come in a different mix of sizes',
      figures: `${now.text} pixels most often, as before`,
      relative: '',
      extent,
      cause,
    }
  }
  const predicate =
    now.area === before.area
      ? 'have other proportions'
      : now.area < before.area
        ? 'are smaller'
        : 'are larger'
  return {
    predicate,
    figures: `${now.text} pixels, were ${before.text}`,
    relative: '',
    extent,
    cause,
  }
}

const SOFTWARE = 'the software that writes the files'

/** `JPEG quality 75, was 95`. */
function qualityChange(features: Features): FileChange | undefined {
  const quality = sized(features, 'jpeg-quality')
  if (quality === undefined || !isSignificant(quality)) return undefined
  const { batch, reference } = quality.typical
  const figures =
    batch.value === reference.value
      ? `JPEG quality ${batch.value} in ${percent(batch.share)} of the JPEGs, was in ${percent(reference.share)}`
      : `JPEG quality ${batch.value}, was ${reference.value}`
  const predicate =
    batch.value < reference.value
      ? 'are compressed more strongly'
      : batch.value > reference.value
        ? 'are compressed less strongly'
        : 'are compressed otherwise'
  return { predicate, figures, relative: '', extent: inShareOfImages(quality), cause: SOFTWARE }
}

type KindWords = {
  readonly predicate: string
  /** Where all images of the batch are of one kind. */
  readonly whole?: (name: string) => string
  readonly cause?: string
}

/** A kind that so many images are of is the kind of all. */
const ALL = 0.995
const TOLD_KINDS = 3

/** `PNG, was JPEG`, or the shares where there are several. */
function kindChange(
  { shares, changedShare }: CategoryEvidence,
  { predicate, whole, cause = SOFTWARE }: KindWords,
): FileChange {
  const now = shares.find(({ batch }) => batch >= ALL)
  const before = shares.find(({ reference }) => reference >= ALL)
  const figures =
    now !== undefined && before !== undefined && now !== before
      ? `${now.name}, was ${before.name}`
      : shares
          .slice(0, TOLD_KINDS)
          .map(({ name, reference, batch }) => `${name} ${percent(reference)} → ${percent(batch)}`)
          .join(', ')
  return {
    predicate: (now !== undefined && whole?.(now.name ?? '')) || predicate,
    figures,
    relative: '',
    extent: inShareOfImages({ changedShare }),
    cause,
  }
}

/** Whole percents, tenths below 10%. */
function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)}%`
}
