import { DriftError } from '../../errors.ts'
import type { FitSettings } from '../settings/options.ts'

/** Throws where a null can't be drawn ahead: of batches larger than half the held-out reference, or of blocks. */
export function requireBatchSizes(
  { batchSizes, blockBy }: Pick<FitSettings, 'batchSizes' | 'blockBy'>,
  referenceRows: number,
): void {
  if (batchSizes.length === 0) return
  if (blockBy !== undefined) {
    throw new DriftError(
      'config.invalid',
      `expected batch sizes or blocks, got both: how a batch of ${blockBy}s varies depends on its blocks`,
      { hint: 'Leave the batch sizes out; every batch is then tested with its own blocks.' },
    )
  }
  const largest = Math.max(...batchSizes)
  if (largest > referenceRows / 2) {
    throw new DriftError(
      'config.invalid',
      `expected batch sizes of at most ${Math.floor(referenceRows / 2)}, half of the ${referenceRows} held-out images; got ${largest}`,
      { hint: 'Fit on more images, or prepare smaller batches.' },
    )
  }
}
