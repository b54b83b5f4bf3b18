import type { SessionOptions } from '../engine/index.ts'
import { type ModelOutputName, type SideInputs } from '../images/index.ts'
import {
  type Autoencoder,
  type FeatureColumn,
  type FeatureTable,
  measureRows,
  type Representation,
  REPRESENTATION_KINDS,
  selectColumns,
  tableOf,
} from '../representations/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { combineRepresentations } from './combined-representation.ts'
import { measurePixels } from './measure-pixels.ts'
import { isCategoryGroup } from './values/index.ts'

/** Numbers per image of each model output there is. */
export type ModelOutputLengths = { readonly [name in ModelOutputName]?: number }

/** Everything that is measured of an image: one row of named numbers, and its reconstruction. */
export type FeatureStack = {
  readonly columns: readonly FeatureColumn[]
  readonly autoencoder: Autoencoder
  /** Numbers per image of each model output that is needed beside the pixels. */
  readonly neededOutputs: ModelOutputLengths
  /** Classes the user's model tells apart, and their names where the model itself says them; 0 without its outputs. */
  readonly classCount: number
  readonly classNames?: readonly string[]
  /** Pixels N×C×H×W, and what else is known of them, to N × columns.length values, row-major. */
  transform(pixels: Tensor, sideInputs?: SideInputs): Promise<Float32Array>
  save(): ReadonlyMap<string, Uint8Array>
  close(): Promise<void>
}

const MEASURED_AT_ONCE = 500

/** Measures on the thread that asks; the parts in the order of their columns, an autoencoder among them. */
export function createFeatureStack(parts: readonly Representation[]): FeatureStack {
  const { columns, save, close, ...all } = combineRepresentations(parts)
  const classes = parts.find((part) => part.classes !== undefined)?.classes
  return {
    columns,
    autoencoder: requireAutoencoder(parts),
    neededOutputs: outputsNeededBy(parts),
    classCount: classes?.count ?? 0,
    ...(classes?.names && { classNames: classes.names }),
    transform: (pixels, sideInputs = {}) =>
      measureRows({ columns, ...all }, { ...sideInputs, pixels }),
    save,
    close,
  }
}

function requireAutoencoder(parts: readonly Representation[]): Autoencoder {
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
export async function loadFeatureStack(
  files: ReadonlyMap<string, Uint8Array>,
  options: SessionOptions = {},
): Promise<FeatureStack> {
  const parts: Representation[] = []
  for (const { file, isOptional, load } of REPRESENTATION_KINDS) {
    if (isOptional !== true || files.has(file)) parts.push(await load(files, options))
  }
  return createFeatureStack(parts)
}

/** What these parts measure of many images, but for names such as the predicted class, which are no quantities. */
export async function measureQuantities(
  parts: readonly Representation[],
  pixels: Tensor,
  sideInputs: SideInputs = {},
): Promise<FeatureTable> {
  const combined = combineRepresentations(parts)
  const { columns } = combined
  const transform = (some: Tensor, side: SideInputs) =>
    measureRows(combined, { ...side, pixels: some })
  const values = await measurePixels(
    { columns, transform },
    { pixels, sideInputs },
    { atOnce: MEASURED_AT_ONCE },
  )
  return selectColumns(tableOf(columns, values), ({ group }) => !isCategoryGroup(group))
}
