import type { SessionOptions } from '../engine/index.ts'
import type {
  ImageShape,
  ModelOutputName,
  PixelDepth,
  ResizePolicy,
  SideInputs,
} from '../images/index.ts'
import {
  type Autoencoder,
  type FeatureColumn,
  type PlaceMeter,
  type Representation,
  REPRESENTATION_KINDS,
} from '../representations/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { combineRepresentations } from './combined-representation.ts'
import { digestOfFiles } from './digest-of-files.ts'
import { pixelTransform } from './measure-pixels.ts'

/** The form that images are brought to before they are measured. */
export type WorkingForm = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  /** Bits of a channel that all images are rounded to; without it images keep their own. */
  readonly depth?: PixelDepth | undefined
}

/** Numbers per image of each model output there is. */
export type ModelOutputLengths = { readonly [name in ModelOutputName]?: number }

/**
 * Images to named numbers, all that was learned for it in it, and back to pictures; the only one of the four values that
 * has to be closed.
 */
export type Extractor = WorkingForm & {
  /** Digest of its files and of the form of its images: numbers of two extractors of one id may be compared. */
  readonly id: string
  readonly columns: readonly FeatureColumn[]
  readonly autoencoder: Autoencoder
  /** Measures what is at each place of the frame; absent in artifacts of before there was any. */
  readonly places?: PlaceMeter | undefined
  /** Numbers per image of each model output that is needed beside the pixels. */
  readonly neededOutputs: ModelOutputLengths
  /** Classes the user's model tells apart, and their names where the model itself says them; 0 without its outputs. */
  readonly classCount: number
  readonly classNames?: readonly string[] | undefined
  /** Pixels N×C×H×W, and what else is known of them, to N × columns.length values, row-major. */
  transform(pixels: Tensor, sideInputs?: SideInputs): Promise<Float32Array>
  save(): ReadonlyMap<string, Uint8Array>
  close(): Promise<void>
}

/** What is only looked at: how the training went. */
const SHOWN_ONLY: ReadonlySet<string> = new Set(['autoencoder.json'])

/** Measures on the thread that asks; the parts in the order of their columns, an autoencoder among them. */
export function createExtractor(
  parts: readonly Representation[],
  { shape, resize, depth }: WorkingForm,
): Extractor {
  const combined = combineRepresentations(parts)
  const { save, close } = combined
  const classes = parts.find((part) => part.classes !== undefined)?.classes
  return {
    shape,
    resize,
    depth,
    ...pixelTransform(combined),
    id: digestOfFiles(save(), { shape, resize, depth }, SHOWN_ONLY),
    autoencoder: autoencoderOf(parts),
    places: parts.find((part) => part.places !== undefined)?.places,
    neededOutputs: outputsNeededBy(parts),
    classCount: classes?.count ?? 0,
    classNames: classes?.names,
    save,
    close,
  }
}

/** The one among them; throws RangeError where there is none. */
export function autoencoderOf(parts: readonly Representation[]): Autoencoder {
  const found = parts.find((part): part is Autoencoder => part.kind === 'autoencoder')
  if (found !== undefined) return found
  throw new RangeError(
    `expected an autoencoder among ${parts.map(({ kind }) => kind).join(', ')}, got none`,
  )
}

function outputsNeededBy(parts: readonly Representation[]): ModelOutputLengths {
  return Object.fromEntries(
    parts.flatMap(({ needs }) => ('length' in needs ? [[needs.of, needs.length] as const] : [])),
  )
}

/** Rebuilds what `save` wrote. */
export async function loadExtractor(
  files: ReadonlyMap<string, Uint8Array>,
  form: WorkingForm,
  options: SessionOptions = {},
): Promise<Extractor> {
  return createExtractor(await loadRepresentations(files, options), form)
}

/** The representations that files hold, in the order of their columns. */
export async function loadRepresentations(
  files: ReadonlyMap<string, Uint8Array>,
  options: SessionOptions = {},
): Promise<Representation[]> {
  const parts: Representation[] = []
  for (const { file, isOptional, isLater, load } of REPRESENTATION_KINDS) {
    const isAlways = isOptional !== true && isLater !== true
    if (isAlways || files.has(file)) parts.push(await load(files, options))
  }
  return parts
}
