import { createBaseline, prepareSizes, testFeatures } from '../../src/detector/index.ts'
import { type FeatureColumn, type FeatureGroup, tableOf } from '../../src/representations/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

/** One column of every kind the window test treats differently: continuous, tied, nearly constant, whole numbers. */
const GROUPS: readonly FeatureGroup[] = [
  'property',
  'property',
  'property',
  'reconstruction',
  'reconstruction',
  'code',
  'outlier',
  'prediction',
]
const NAMES = ['tone', 'tied', 'rare', 'loss', 'excess-loss', 'code-0', 'outlier', 'class']
/** How many columns a probe row has. */
export const PROBE_COLUMNS = NAMES.length
const REFERENCE = 200
const SIZES = [8, 20, 60]
const SHIFTS = [0, 0.3, 1]
const LEVEL = 0.01

/** p-values of the window test on generated numbers, exact and prepared, by way of what `check` calls. */
export function probeTests(): number[] {
  const columns = GROUPS.map((group, i): FeatureColumn => ({
    name: NAMES[i],
    group,
    title: NAMES[i],
  }))
  const manifest = { columns, features: [...new Set(GROUPS)] }
  const baseline = createBaseline(tableOf(columns, probeRows(REFERENCE, 0, 1)))
  const fast = prepareSizes({ manifest, baseline }, SIZES.slice(0, 2), 1)
  return SIZES.flatMap((size, i) =>
    SHIFTS.flatMap((shift, j) => {
      const values = probeRows(size, shift, 10 * i + j + 2)
      const options = { level: LEVEL, seed: 2 }
      const exact = testFeatures({ manifest, baseline }, values, { ...options, mode: 'exact' })
      const auto = testFeatures({ manifest, baseline: fast }, values, { ...options, mode: 'auto' })
      return [exact, auto].flatMap((test) =>
        [test, ...test.groups].map((one): number => one.pValue),
      )
    }),
  ).map((value) => Number(value.toPrecision(6)))
}

/** Rows of one column of each kind; `shift` moves most of them. */
export function probeRows(rows: number, shift: number, seed: number): Float32Array {
  const random = createRandom(seed)
  const values = new Float32Array(rows * NAMES.length)
  for (let row = 0; row < rows; row++) {
    const common = random.normal()
    values.set(
      [
        random.normal() + shift,
        Math.round(common + shift),
        random.uniform() < 0.05 + 0.2 * shift ? 1 : 0,
        Math.exp(random.normal() + shift),
        Math.exp(common),
        common + random.normal(),
        Math.abs(common) + 0.5 * shift,
        Math.min(4, Math.floor(5 * random.uniform() ** (1 + shift))),
      ],
      row * NAMES.length,
    )
  }
  return values
}
