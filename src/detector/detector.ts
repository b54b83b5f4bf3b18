import type { ImageSource } from '../images/index.ts'
import { type Baseline, createBaseline } from './baseline.ts'
import { checkBatch, type CheckOptions, DEFAULT_LEVEL } from './check.ts'
import { describeNulls } from './prepared-nulls.ts'
import { type DetectorParts, loadParts, saveParts } from './storage.ts'
import type { Verdict } from './verdict.ts'
import { prepareSizes } from './window-test.ts'

/** A fitted monitor for one kind of images. */
export type Detector = DetectorParts & {
  readonly baseline: Baseline
  /** Compares one batch with the reference. Drift is a result, not an error. */
  check(batch: ImageSource, options?: CheckOptions): Promise<Verdict>
  /**
   * The same detector with the null distributions of these batch sizes drawn ahead: seconds now, then about a
   * millisecond a batch beyond measuring its images. Each size at most half the held-out reference. `save` keeps them,
   * some 0.6 MB a size.
   */
  prepare(sizes: readonly number[]): Detector
  /** Writes everything into one file; replaces it whole or not at all. */
  save(path: string): Promise<void>
  /** Frees the runtime's memory. */
  close(): Promise<void>
}

/** Puts a fitted or loaded detector together. */
export function createDetector(parts: DetectorParts): Detector {
  return withBaseline(parts, createBaseline(parts.reference, parts.tolerated))
}

function withBaseline(parts: DetectorParts, baseline: Baseline): Detector {
  const { policy, seed } = parts.manifest
  const level = policy.kind === 'false-alarm-rate' ? policy.rate : DEFAULT_LEVEL
  return {
    ...parts,
    baseline,
    prepare: (sizes) => {
      const prepared = prepareSizes({ ...parts, baseline }, sizes, { level, seed })
      return withBaseline(
        { ...parts, manifest: { ...parts.manifest, ...describeNulls(prepared) } },
        prepared,
      )
    },
    check: (batch, options) => checkBatch({ ...parts, baseline }, batch, options),
    save: (path) => saveParts(path, { parts, baseline }),
    close: () => parts.stack.close(),
  }
}

/** Opens a detector written by `save`; throws DriftError on a damaged, foreign or newer file. */
export async function loadDetector(path: string): Promise<Detector> {
  const { parts, baseline } = await loadParts(path)
  return withBaseline(parts, baseline)
}
