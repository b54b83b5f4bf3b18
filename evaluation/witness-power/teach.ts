import type { Detector } from '../../src/detector/index.ts'
import type { GradedChange, ImageShape } from '../../src/images/index.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import {
  type FeatureColumn,
  fitWitness,
  measureRows,
  type Representation,
  selectColumns,
  tableOf,
} from '../../src/representations/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { rowCount, type View } from '../window/view.ts'

/** Columns, and the same images' numbers in them. */
export type Columns = {
  readonly columns: readonly FeatureColumn[]
  readonly of: (all: View) => Promise<View>
}

/** Images whose columns say what is normal. */
const CLEAN = 2000

/** All columns but the witness's, and the outlier score, which is made of all. */
export function withoutWitness(all: readonly FeatureColumn[]): Columns {
  const isKept = ({ group }: FeatureColumn): boolean => group !== 'witness' && group !== 'outlier'
  return {
    columns: all.filter(isKept),
    of: async ({ values }) => {
      const { columns, values: kept } = selectColumns(tableOf(all, values), isKept)
      return { width: columns.length, values: kept }
    },
  }
}

export type TeachOptions = {
  readonly detector: Detector
  /** Images that the detector has not learned from. */
  readonly spare: Tensor
  readonly changes: readonly GradedChange[]
  readonly seed: number
}

/** The same columns, and those of a witness that was taught some changes. */
export async function withWitness({
  detector,
  spare,
  changes,
  seed,
}: TeachOptions): Promise<Columns> {
  const { extractor } = detector
  const plain = withoutWitness(extractor.columns)
  const [, channels, height, width] = spare.shape
  const shape: ImageShape = { channels, height, width }
  const witness = await fitWitness({
    training: { pixels: spare },
    shape,
    seed,
    changes,
    measure: async (pixels = sliceRows(spare, 0, CLEAN)) => {
      const values = await measurePixels(extractor, { pixels })
      const { values: kept } = await plain.of({ width: extractor.columns.length, values })
      return tableOf(plain.columns, kept)
    },
  })
  return {
    columns: [...plain.columns, ...witness.columns],
    of: async (all) => joinColumns(await plain.of(all), { plain, witness }),
  }
}

async function joinColumns(
  base: View,
  { plain, witness }: { readonly plain: Columns; readonly witness: Representation },
): Promise<View> {
  const rows = rowCount(base)
  const known = Uint32Array.from(plain.columns, (_, column) => column)
  const odds = await measureRows(witness, {
    columns: { values: base.values, rows, stride: base.width, columns: known },
  })
  const added = witness.columns.length
  const width = base.width + added
  const values = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    values.set(base.values.subarray(row * base.width, (row + 1) * base.width), row * width)
    values.set(odds.subarray(row * added, (row + 1) * added), row * width + base.width)
  }
  return { width, values }
}
