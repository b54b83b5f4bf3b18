import { mapSideInputs } from '../../images/index.ts'
import { type Extractor, measurePixels } from '../../measuring/index.ts'
import { type FeatureTable, tableOf } from '../../representations/index.ts'
import { elementCount, takeRows, type Tensor } from '../../tensor/index.ts'
import { contentGroups } from '../../judging/index.ts'
import { scoreColumn } from '../../measuring/values/index.ts'
import type { FitWatch } from './fit-progress.ts'
import { featureGroupSchema } from '../../verdict/index.ts'
import type { FitSettings } from '../settings/options.ts'
import type { Part } from './splits.ts'
import type { DetectorParts } from '../artifact/storage.ts'
import { type FittedTolerance, fitTolerance } from './tolerance/fit-tolerance.ts'

type MeasureInput = {
  readonly extractor: Extractor
  /** The held-out images, and the block of each. */
  readonly held: Part
  readonly blocks: Uint32Array | undefined
  readonly settings: Pick<FitSettings, 'tolerate' | 'seed' | 'features'>
}

const THUMBNAILS = 12
const MEASURED_AT_ONCE = 1000
/** Pixel values; of larger images fewer are measured at once, since threads get copies. */
const VALUES_AT_ONCE = 1 << 25

/** Puts the held-out images through the fitted extractor: the baseline every batch is compared with. */
export async function measureReference(
  { extractor, held, blocks, settings }: MeasureInput,
  watch: FitWatch,
): Promise<Omit<DetectorParts, 'manifest' | 'known' | 'records'>> {
  const reference = await measure(extractor, held, watch)
  const tolerance = await measureTolerance({ extractor, held, blocks, settings }, reference, watch)
  const rows = typicalRows(
    reference.values,
    scoreColumn(extractor.columns),
    extractor.columns.length,
  )
  const thumbnails = takeRows(held.pixels, rows)
  return {
    reference,
    places: extractor.places?.measure(held.pixels),
    tolerated: [],
    tolerance,
    blocks,
    extractor,
    thumbnails,
  }
}

async function measureTolerance(
  { extractor, held, settings }: MeasureInput,
  { values }: FeatureTable,
  watch: FitWatch,
): Promise<FittedTolerance | undefined> {
  const { tolerate, seed, features } = settings
  if (!Object.values(tolerate).some((limit = 0) => limit > 0)) return undefined
  const measured = {
    pixels: held.pixels,
    values,
    // What the user's own model says of changed images is not known.
    measure: async (pixels: Tensor, rows: Uint32Array) => {
      const sideInputs = mapSideInputs(held.sideInputs ?? {}, (all) => takeRows(all, rows))
      return (await measure(extractor, { pixels, sideInputs }, watch)).values
    },
  }
  const groups = contentGroups(extractor.columns, features ?? featureGroupSchema.options)
  return fitTolerance(measured, tolerate, { seed, groups })
}

async function measure(
  extractor: Extractor,
  part: Part,
  { signal, onProgress }: FitWatch,
): Promise<FeatureTable> {
  const [total, ...shape] = part.pixels.shape
  const rowsThatFit = Math.max(1, Math.floor(VALUES_AT_ONCE / elementCount(shape)))
  const values = await measurePixels(extractor, part, {
    atOnce: Math.min(MEASURED_AT_ONCE, rowsThatFit),
    signal,
    onMeasured: (done) => onProgress?.({ stage: 'measuring', done, total }),
  })
  return tableOf(extractor.columns, values)
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i)
}

/** Rows around the median of one column. */
function typicalRows(values: Float32Array, column: number, width: number): number[] {
  const rows = values.length / width
  const order = range(0, rows).toSorted(
    (a, b) => values[a * width + column] - values[b * width + column],
  )
  const first = Math.max(0, Math.floor((rows - THUMBNAILS) / 2))
  return order.slice(first, first + THUMBNAILS)
}
