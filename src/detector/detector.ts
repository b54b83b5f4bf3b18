/// <reference lib="esnext.disposable" preserve="true" />
import type { ImageSource } from '../images/index.ts'
import {
  type Baseline,
  type BaselineNumbers,
  openStream,
  policyId,
  prepareSizes,
  type Stream,
  type StreamOptions,
} from '../judging/index.ts'
import { measure, type MeasuredBatch, type MeasureOptions } from '../measuring/index.ts'
import type { Measurements } from '../measuring/values/index.ts'
import type { Verdict } from '../verdict/index.ts'
import { baselineId, detectorId, type Unidentified } from './artifact/identity.ts'
import type { DetectorManifest } from './artifact/manifest.ts'
import { describeNulls } from './artifact/prepared-nulls.ts'
import {
  baselineFiles,
  baselineOf,
  detectorFiles,
  type DetectorParts,
  loadParts,
  type LoadOptions,
  saveParts,
} from './artifact/storage.ts'
import { checkBatch, type CheckOptions, judgeMeasurements, type JudgingOptions } from './check.ts'
import { rebaselined } from './rebaseline.ts'
import { type ExtractorHold, holdExtractor } from './extractor-hold.ts'
import { rehearseHistory, type Rehearsed, type RehearseOptions } from './rehearse.ts'

/** A fitted monitor for one kind of images. */
export type Detector = DetectorParts & {
  readonly baseline: Baseline
  /** Measures images, batch by batch: what `judge` takes, once `mergeMeasurements` has made one of it. */
  measure(images: ImageSource, options?: MeasureOptions): AsyncIterable<MeasuredBatch>
  /** Compares what was measured before, here or elsewhere, with the reference. */
  judge(measurements: Measurements, options?: JudgingOptions): Promise<Verdict>
  /** Compares one batch with the reference: measures and judges. Drift is a result, not an error. */
  check(batch: ImageSource, options?: CheckOptions): Promise<Verdict>
  /**
   * Watches measured images one after the other: an alarm a few images after a change, at a stated rate of false ones.
   * It knows no runtime and outlives the detector. `saved` is what the stream's `save` gave.
   */
  stream(options?: StreamOptions, saved?: Uint8Array): Stream
  /**
   * Before going live: what it would have told of past images, in order, and which changes injected into them it would
   * find, how soon and from which strength on. At least 100 images; minutes.
   */
  rehearse(history: ImageSource, options?: RehearseOptions): Promise<Rehearsed>
  /**
   * The same detector with these images for its reference: what was learned stays, what batches are compared with does
   * not. Measurements by this detector, at least 30 images. Both may be used and are closed each for itself.
   */
  rebaseline(measurements: Measurements): Detector
  /**
   * The same detector with the null distributions of these batch sizes drawn ahead: seconds now, then a few milliseconds
   * beyond measuring its images for a quiet batch; one that is not clearly quiet is tested exactly. Each size at most
   * half the held-out reference. `save` keeps them, some 0.5 MB a size. Both may be used and are closed each for itself.
   */
  withBatchSizes(sizes: readonly number[]): Detector
  /** Writes everything into one file; replaces it whole or not at all. */
  save(path: string): Promise<void>
  /**
   * Waits for checks that run, then frees the runtime's memory, unless a detector that was made of this one still needs
   * it. A second call does nothing; checks after it throw DriftError('resource.closed').
   */
  close(): Promise<void>
  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Puts a fitted detector together; its id is the digest of what it judges by. */
export function createDetector(parts: UnidentifiedParts): Detector {
  return detectorOf(parts, baselineOf(parts), holdExtractor(parts.extractor))
}

/** What a detector is made of, before it has its ids. */
export type UnidentifiedParts = Omit<DetectorParts, 'manifest'> & {
  readonly manifest: Unidentified & { readonly id?: string }
}

// oxlint-disable-next-line eslint/max-lines-per-function -- one method after the other
function detectorOf(
  unidentified: UnidentifiedParts,
  numbers: BaselineNumbers,
  hold: ExtractorHold,
): Detector {
  const parts = identified(unidentified, numbers)
  const baseline = baselineWith(parts, numbers)
  const again = (others: UnidentifiedParts, own: BaselineNumbers): Detector => {
    hold.requireOpen()
    return detectorOf(others, own, hold.share())
  }
  const { manifest } = parts
  const { id: _, ids: __, ...described } = manifest
  // What runs inside `use` may go on while the hold closes; what a caller does with the extractor may not.
  const checker = { manifest, extractor: parts.extractor, baseline }
  const { extractor } = hold
  return {
    ...parts,
    extractor,
    baseline,
    measure: (images, options) => measure(extractor, images, options),
    judge: (measurements, options) => judgeMeasurements(checker, measurements, options),
    check: async (batch, options) => hold.use(() => checkBatch(checker, batch, options)),
    stream: (options, saved) => openStream(baseline, manifest.policy, options, saved),
    rehearse: async (history, options) =>
      hold.use(() => rehearseHistory(checker, history, options)),
    rebaseline: (measurements) => {
      const { parts: others, baseline: own } = rebaselined(parts, measurements)
      return again(others, own)
    },
    withBatchSizes: (sizes) => {
      const prepared = prepareSizes({ ...parts, baseline: numbers }, sizes, manifest.seed)
      return again({ ...parts, manifest: { ...described, ...describeNulls(prepared) } }, prepared)
    },
    save: (path) => saveParts(path, { parts, baseline: numbers }),
    close: () => hold.close(),
    [Symbol.asyncDispose]: () => hold.close(),
  }
}

/** The parts with the ids of all of them; an id from a file stays. */
function identified(parts: UnidentifiedParts, baseline: BaselineNumbers): DetectorParts {
  const { id, ...manifest } = parts.manifest
  const extractorId = parts.extractor.id
  const ids = {
    extractor: extractorId,
    baseline: baselineId(manifest, baselineFiles(parts, baseline), extractorId),
    policy: policyId(manifest.policy),
  }
  const own = id ?? detectorId(manifest, detectorFiles(parts, baseline))
  return { ...parts, manifest: asStored({ id: own, ...manifest, ids }) }
}

/** As its file has it: without a word of what is undefined. */
function asStored(manifest: DetectorManifest): DetectorManifest {
  return JSON.parse(JSON.stringify(manifest)) as DetectorManifest
}

function baselineWith(
  { manifest, extractor, blocks, labels, known, records }: DetectorParts,
  numbers: BaselineNumbers,
): Baseline {
  return {
    ...numbers,
    id: manifest.ids?.baseline ?? '',
    extractorId: extractor.id,
    settings: { ...manifest, neededOutputs: extractor.neededOutputs },
    blocks,
    labels,
    known,
    records,
  }
}

/** Opens a detector written by `save`, a file or its bytes; throws DriftError on a damaged, foreign or newer one. */
export async function loadDetector(
  source: string | Uint8Array,
  options: LoadOptions = {},
): Promise<Detector> {
  const { parts, baseline } = await loadParts(source, options)
  return detectorOf(parts, baseline, holdExtractor(parts.extractor))
}
