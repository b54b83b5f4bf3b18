import type { ImageSource } from '../images/index.ts'
import { type Baseline, prepareSizes, type Verdict } from '../judging/index.ts'
import { checkBatch, type CheckOptions } from './check.ts'
import { detectorId } from './artifact/identity.ts'
import type { DetectorManifest } from './artifact/manifest.ts'
import { describeNulls } from './artifact/prepared-nulls.ts'
import { holdStack, type StackHold } from './shared-stack.ts'
import {
  baselineOf,
  detectorFiles,
  type DetectorParts,
  loadParts,
  saveParts,
} from './artifact/storage.ts'

/** A fitted monitor for one kind of images. */
export type Detector = DetectorParts & {
  readonly baseline: Baseline
  /** Compares one batch with the reference. Drift is a result, not an error. */
  check(batch: ImageSource, options?: CheckOptions): Promise<Verdict>
  /**
   * The same detector with the null distributions of these batch sizes drawn ahead: seconds now, then a few milliseconds
   * beyond measuring its images for a quiet batch; one that is not clearly quiet is tested exactly. Each size at most
   * half the held-out reference. `save` keeps them, some 0.5 MB a size. Both may be used and are closed each for itself.
   */
  prepare(sizes: readonly number[]): Detector
  /** Writes everything into one file; replaces it whole or not at all. */
  save(path: string): Promise<void>
  /**
   * Waits for checks that run, then frees the runtime's memory, unless a detector made by `prepare` still needs it. A
   * second call does nothing; checks after it throw DriftError('resource.closed').
   */
  close(): Promise<void>
}

/** Puts a fitted detector together; its id is the digest of what it judges by. */
export function createDetector(parts: NamelessParts): Detector {
  const baseline = baselineOf(parts)
  return withBaseline(named(parts, baseline), baseline, holdStack(parts.stack))
}

/** What a detector is made of, before it has its id. */
export type NamelessParts = Omit<DetectorParts, 'manifest'> & {
  readonly manifest: Omit<DetectorManifest, 'id'>
}

function named(parts: NamelessParts, baseline: Baseline): DetectorParts {
  const id = detectorId(parts.manifest, detectorFiles(parts, baseline))
  return { ...parts, manifest: { id, ...parts.manifest } }
}

function withBaseline(parts: DetectorParts, baseline: Baseline, hold: StackHold): Detector {
  const { id: _, ...manifest } = parts.manifest
  const { seed } = manifest
  return {
    ...parts,
    // What runs inside `use` may go on while the hold closes; what a caller does with the stack may not.
    stack: hold.stack,
    baseline,
    prepare: (sizes) => {
      hold.requireOpen()
      const prepared = prepareSizes({ ...parts, baseline }, sizes, seed)
      const described = { ...parts, manifest: { ...manifest, ...describeNulls(prepared) } }
      return withBaseline(named(described, prepared), prepared, hold.share())
    },
    check: async (batch, options) =>
      hold.use(() => checkBatch({ ...parts, baseline }, batch, options)),
    save: (path) => saveParts(path, { parts, baseline }),
    close: () => hold.close(),
  }
}

/** Opens a detector written by `save`; throws DriftError on a damaged, foreign or newer file. */
export async function loadDetector(path: string): Promise<Detector> {
  const { parts, baseline } = await loadParts(path)
  return withBaseline(parts, baseline, holdStack(parts.stack))
}
