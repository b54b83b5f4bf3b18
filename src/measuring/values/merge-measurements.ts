import type { ModelOutputName, SkippedImage, SkippedImages } from '../../images/index.ts'
import { DriftError } from '../../errors.ts'
import { canonicalJson } from './canonical-json.ts'
import { addSums } from './exact-sums.ts'
import { hashText } from './hash-text.ts'
import { joinPlaces } from './join-places.ts'
import {
  LARGEST_SAMPLE,
  type MeasuredBy,
  type MeasuredImage,
  type MeasuredSource,
  type Measurements,
  noMeasurements,
} from './measurements.ts'
import { joinPeriods } from './period.ts'

/** Collects parts as they come; its memory is bounded by the sample. */
export type MeasurementsFold = {
  /** Throws DriftError('config.invalid') where the part was measured by another extractor. */
  add(part: Measurements): void
  /** All so far. */
  taken(): Measurements
}

/** All parts as one, in whatever order they come: a sample by hash of the ids, exact sums, counts. */
export function mergeMeasurements(
  parts: Iterable<Measurements>,
  by: MeasuredBy,
  largest = LARGEST_SAMPLE,
): Measurements {
  const fold = foldMeasurements(by, largest)
  for (const part of parts) fold.add(part)
  return fold.taken()
}

/** A fold that holds nothing yet and keeps `largest` rows. */
export function foldMeasurements(by: MeasuredBy, largest = LARGEST_SAMPLE): MeasurementsFold {
  const sample = createSample(by.columns.length, largest)
  let { count, loss, period, skipped } = noMeasurements(by)
  const sources = new Map<string, MeasuredSource>()
  const notes = new Set<string>()
  const modelOutputs = new Set<ModelOutputName>()
  return {
    add(part) {
      requireSame(by, part)
      sample.add(part)
      count += part.count
      loss = addSums(loss, part.loss)
      period = joinPeriods(period, part.period)
      skipped = mergeSkipped(skipped, part.skipped)
      for (const source of part.sources) sources.set(canonicalJson(source), source)
      for (const note of part.notes) notes.add(note)
      for (const name of part.modelOutputs) modelOutputs.add(name)
    },
    taken: () => ({
      extractorId: by.extractorId,
      columns: by.columns,
      ...sample.taken(),
      count,
      loss,
      period,
      skipped,
      sources: [...sources].toSorted(byKey).map(([, source]) => source),
      notes: [...notes].toSorted(),
      modelOutputs: [...modelOutputs].toSorted(),
    }),
  }
}

/** The rows of measurements that a smaller sample would hold. */
export function sampleMeasurements(all: Measurements, largest: number): Measurements {
  return all.images.length <= largest ? all : mergeMeasurements([all], all, largest)
}

function requireSame(by: MeasuredBy, { extractorId }: Measurements): void {
  if (by.extractorId === extractorId) return
  throw new DriftError(
    'config.invalid',
    `expected measurements by the extractor ${by.extractorId}, got some by ${extractorId}`,
    { hint: 'Measure the images with this detector, or with one that was rebaselined from it.' },
  )
}

/** A row's place in the draw: rows of the smallest keys are kept. */
type Row = MeasuredImage & {
  readonly key: number
  readonly at: number
  readonly places: Int8Array | undefined
}

/** The rows with the smallest keys; twice as many as are kept are held before the others are dropped. */
function createSample(width: number, largest: number) {
  let rows: Row[] = []
  let values = new Float32Array()
  let limit = Number.POSITIVE_INFINITY
  const keep = (kept: readonly Row[]): void => {
    const own = new Float32Array(Math.min(2 * largest, 2 * kept.length + 64) * width)
    rows = kept.map((row, at) => {
      own.set(values.subarray(row.at * width, (row.at + 1) * width), at * width)
      return { ...row, at }
    })
    values = own
  }
  const shrink = (): void => {
    const smallest = rows.toSorted(byDraw).slice(0, largest)
    limit = smallest.at(-1)?.key ?? limit
    keep(smallest)
  }
  return {
    add({ images, values: from, places }: Measurements): void {
      const cells = (places?.length ?? 0) / images.length
      images.forEach((image, i) => {
        const key = hashText(image.record.id)
        if (key > limit) return
        if (rows.length === 2 * largest) shrink()
        if ((rows.length + 1) * width > values.length) keep(rows)
        const at = rows.length
        values.set(from.subarray(i * width, (i + 1) * width), at * width)
        rows.push({ ...image, key, at, places: places?.slice(i * cells, (i + 1) * cells) })
      })
    },
    taken(): Pick<Measurements, 'images' | 'values' | 'places'> {
      if (rows.length > largest) shrink()
      const ordered = rows.toSorted(byPlace)
      const own = new Float32Array(ordered.length * width)
      ordered.forEach(({ at }, i) =>
        own.set(values.subarray(at * width, (at + 1) * width), i * width),
      )
      return {
        images: ordered.map(({ record, place, hash }) => ({ record, place, hash })),
        values: own,
        places: joinPlaces(ordered),
      }
    },
  }
}

function byDraw(a: Row, b: Row): number {
  return a.key - b.key || compareText(a.record.id, b.record.id) || byPlace(a, b)
}

function byPlace(a: MeasuredImage, b: MeasuredImage): number {
  return a.place - b.place || compareText(a.record.id, b.record.id) || a.hash - b.hash
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b)
}

/** By code units, the same everywhere. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const MOST_NAMED = 100

/** What was left out of both parts: counts by reason, the first 100 by name. */
export function mergeSkipped(a: SkippedImages, b: SkippedImages): SkippedImages {
  if (b.total === 0) return a
  const codes = [...new Set([...Object.keys(a.counts), ...Object.keys(b.counts)])].toSorted()
  return {
    named: [...a.named, ...b.named].toSorted(bySkippedPlace).slice(0, MOST_NAMED),
    counts: Object.fromEntries(
      codes.map((code) => [code, (a.counts[code] ?? 0) + (b.counts[code] ?? 0)]),
    ),
    total: a.total + b.total,
  }
}

function bySkippedPlace(a: SkippedImage, b: SkippedImage): number {
  return (
    (a.place ?? 0) - (b.place ?? 0) || compareText(a.id, b.id) || compareText(a.message, b.message)
  )
}
