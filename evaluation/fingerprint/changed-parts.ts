import {
  type Fingerprint,
  PRODUCT_PARTS,
  type ProductPart,
  type ProbeVerdict,
} from './fingerprint.ts'

/** Of a column's standard deviation: what another processor's rounding, carried through a training, may come to. */
const FEATURE_TOLERANCE = 0.02
const P_VALUE_TOLERANCE = 0.05

/** The parts in which two fingerprints differ by more than another machine's rounding explains. */
export function changedParts(first: Fingerprint, second: Fingerprint): ProductPart[] {
  const same: Record<ProductPart, boolean> = {
    features: sameFeatures(first.features, second.features),
    tests: first.tests === second.tests,
    verdicts: sameVerdicts(first.verdicts, second.verdicts),
    streams: first.streams === second.streams,
  }
  return PRODUCT_PARTS.filter((part) => !same[part])
}

function sameFeatures(first: Fingerprint['features'], second: Fingerprint['features']): boolean {
  return (
    first.length === second.length &&
    first.every(([mean, deviation], i) => {
      const [otherMean, otherDeviation] = second[i]
      const scale = Math.max(deviation, otherDeviation)
      // A column that is the same for every image may differ in its last digit.
      const reach = FEATURE_TOLERANCE * scale + 1e-4 * Math.abs(mean)
      return Math.abs(mean - otherMean) <= reach && Math.abs(deviation - otherDeviation) <= reach
    })
  )
}

function sameVerdicts(first: readonly ProbeVerdict[], second: readonly ProbeVerdict[]): boolean {
  return (
    first.length === second.length &&
    first.every((one, i) => {
      const other = second[i]
      return (
        one.probe === other.probe &&
        one.severity === other.severity &&
        one.shift === other.shift &&
        Math.abs((one.pValue ?? -1) - (other.pValue ?? -1)) <= P_VALUE_TOLERANCE
      )
    })
  )
}
