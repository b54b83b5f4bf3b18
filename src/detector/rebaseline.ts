import { DriftError } from '../errors.ts'
import {
  type BaselineNumbers,
  blockOrder,
  blocksOf,
  labelsOf,
  prepareSizes,
  requireExtractor,
  timesIn,
} from '../judging/index.ts'
import { type Measurements, pickRows } from '../measuring/values/index.ts'
import { tableOf } from '../representations/index.ts'
import { createRandom, tensor } from '../tensor/index.ts'
import type { Unidentified } from './artifact/identity.ts'
import { describeNulls } from './artifact/prepared-nulls.ts'
import { baselineOf, type DetectorParts } from './artifact/storage.ts'
import { noteOfSource, notesOnReference } from './fitting/describe-fit.ts'
import { notesOnTrust } from './fitting/model-trust.ts'
import { requireReference } from './fitting/splits.ts'

/** A detector's parts with another reference, and the numbers of that. */
export type Rebaselined = {
  readonly parts: Omit<DetectorParts, 'manifest'> & { readonly manifest: Unidentified }
  readonly baseline: BaselineNumbers
}

/** What was learned stays; what was measured of these images becomes what batches are compared with. */
export function rebaselined(parts: DetectorParts, measurements: Measurements): Rebaselined {
  requireRebaselining(parts, measurements)
  const { known, thumbnails } = parts
  const rows = chosenRows(parts, measurements)
  const location = measurements.sources.map((source) => source.location).join(', ')
  requireReference(rows.length, location)
  const { columns } = parts.manifest
  const width = columns.length
  const values = pickRows(measurements.values, rows, width)
  const { places: measured, images } = measurements
  const records = rows.map((row) => measurements.images[row].record)
  const hashes = Float64Array.from(rows, (row) => measurements.images[row].hash)
  const described = describeReference(parts, { measurements, rows, location })
  const { blockBy, outputsTrust } = described
  const labels =
    outputsTrust === undefined || outputsTrust === 'none' ? undefined : labelsOf(records)
  const manifest = { ...described, labels: labels && [...labels.names] }
  const own = {
    ...parts,
    reference: tableOf(columns, values),
    places: measured && pickRows(measured, rows, measured.length / images.length),
    records,
    blocks: blockBy === undefined ? undefined : blocksOf(records, blockBy),
    labels: labels?.codes,
    known: known && { learned: known.learned, reference: hashes.toSorted() },
    thumbnails: tensor([0, ...thumbnails.shape.slice(1)], new Float32Array()),
  }
  return withSizes({ parts: { ...own, manifest }, baseline: baselineOf({ ...own, manifest }) })
}

function requireRebaselining(
  { manifest, tolerance, tolerated }: DetectorParts,
  measurements: Measurements,
): void {
  requireExtractor(manifest.ids?.extractor, measurements)
  if (tolerance === undefined && tolerated.length === 0) return
  throw new DriftError(
    'config.invalid',
    'expected a detector that tolerates no changes, got one that does: how they change the new images is not known from features',
    { hint: 'Fit it again, with --reference <images> and the same --tolerate.' },
  )
}

/** Rows that were not learned from, in random order, those of a block together. */
function chosenRows({ manifest, known }: DetectorParts, { images }: Measurements): number[] {
  const learned = known?.learned ?? new Float64Array()
  const order = createRandom(manifest.seed).permutation(images.length)
  // What occurs several times belongs to the world.
  const rows = [...order].filter((row) => timesIn(learned, images[row].hash) !== 1)
  if (manifest.blockBy === undefined) return rows
  const blocks = blocksOf(
    rows.map((row) => images[row].record),
    manifest.blockBy,
  )
  return Array.from(blockOrder(blocks), (i) => rows[i])
}

type NewReference = {
  readonly measurements: Measurements
  readonly rows: readonly number[]
  readonly location: string
}

function describeReference(
  parts: DetectorParts,
  { measurements, rows, location }: NewReference,
): Unidentified {
  const { id: _, ids: __, prepared: sizes, ...manifest } = parts.manifest
  const { count, images, skipped, notes } = measurements
  const counts = { ...manifest.counts, reference: rows.length }
  const referenceSource = {
    location,
    available: count,
    leftOut: images.length - rows.length,
    skipped: skipped.total,
  }
  return {
    ...manifest,
    // Sizes that are too large for the new reference are tested exactly.
    prepared: sizes && {
      ...sizes,
      sizes: sizes.sizes.filter((size) => size <= rows.length / 2),
    },
    counts,
    referenceSource,
    thumbnails: 0,
    notes: [
      ...notesOnTrust(manifest.outputsTrust, undefined),
      ...notes.map(noteOfSource),
      ...notesOnReference({ counts, referenceSource }),
    ],
  }
}

function withSizes({ parts, baseline }: Rebaselined): Rebaselined {
  const { prepared: wanted, ...manifest } = parts.manifest
  if (wanted === undefined || wanted.sizes.length === 0) {
    return { parts: { ...parts, manifest }, baseline }
  }
  const own = prepareSizes({ ...parts, baseline }, wanted.sizes, manifest.seed)
  return { parts: { ...parts, manifest: { ...manifest, ...describeNulls(own) } }, baseline: own }
}
