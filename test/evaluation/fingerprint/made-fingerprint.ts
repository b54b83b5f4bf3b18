import type { Fingerprint } from '../../../evaluation/fingerprint/fingerprint.ts'

/** A fingerprint of no product, for tests of what is done with one. */
export function fingerprint(changes: Partial<Fingerprint> = {}): Fingerprint {
  return {
    features: [
      [0.5, 0.1],
      [3, 0],
    ],
    tests: 'digest',
    verdicts: [{ probe: 'clean', severity: 'ok', shift: null, pValue: 0.4 }],
    ...changes,
  }
}
