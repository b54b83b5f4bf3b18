import type { OmnibusGroup, OmnibusGroupKind } from '../../src/statistics/index.ts'
import type { Random } from '../../src/tensor/index.ts'

/** Rows of one distribution, to draw references and windows from: nothing ever changes in them. */
export type NullFamily = {
  /** Rows × the columns of the groups, row-major. */
  readonly draw: (rows: number, random: Random) => Float32Array
  readonly columnCount: number
  readonly groups: readonly OmnibusGroup[]
  readonly reference: number
  readonly sizes: readonly number[]
}

/** Rows of a reference; the largest window is as large as the screen accepts. */
const REFERENCE = 300
const SIZES = [5, 50, 150]

/** A family of columns of one kind, each row written by `write`. */
function family(
  columnCount: number,
  write: (row: Float32Array, random: Random) => void,
  settings: Partial<NullFamily> & { readonly kind?: OmnibusGroupKind } = {},
): NullFamily {
  const { kind = 'rank', ...rest } = settings
  const columns = Array.from({ length: columnCount }, (_, column) => column)
  return {
    columnCount,
    groups: [{ name: 'all', columns, kind }],
    reference: REFERENCE,
    sizes: SIZES,
    draw(rows, random) {
      const values = new Float32Array(rows * columnCount)
      for (let row = 0; row < rows; row++) {
        write(values.subarray(row * columnCount, (row + 1) * columnCount), random)
      }
      return values
    },
    ...rest,
  }
}

/** Each column drawn by itself. */
function independent(
  columnCount: number,
  draw: (random: Random) => number,
  settings?: Parameters<typeof family>[2],
): NullFamily {
  return family(
    columnCount,
    (row, random) => row.forEach((_, k) => (row[k] = draw(random))),
    settings,
  )
}

const cauchy = (random: Random): number => random.normal() / random.normal()
const exponential = (random: Random): number => -Math.log(1 - random.uniform())
/** Ever rarer codes without end: the tail holds codes that a reference has never shown. */
const rareCode = (random: Random): number => Math.min(1e6, Math.floor(1 / (1 - random.uniform())))

/** What a null drawn from the reference alone gets wrong, and other data that a test may stumble over. */
export const NULL_FAMILIES = {
  'nearly constant columns': independent(40, (random) =>
    random.uniform() < 0.003 ? random.normal() : 0,
  ),
  'many rare classes': independent(1, rareCode, { kind: 'category' }),
  'n at half the reference': independent(8, (random) => random.normal(), {
    kind: 'rank+raw',
    sizes: [140, 150],
  }),
  duplicates: family(6, (row, random) => {
    // Every row is one of sixty pictures, each seen over and over.
    const picture = random.integer(60)
    row.forEach((_, k) => (row[k] = Math.sin(1 + picture * (k + 1.3) * 12.9898)))
  }),
  'heavy tails': independent(6, cauchy, { kind: 'rank+raw' }),
  'few values': independent(12, (random) => random.integer(3)),
  lattice: independent(8, (random) => Math.round(3 * random.normal()) / 255, { kind: 'rank+raw' }),
  'constant columns': family(10, (row, random) => {
    row.fill(7)
    row[9] = random.normal()
  }),
  'perfectly correlated columns': family(12, (row, random) => row.fill(random.normal())),
  clusters: family(8, (row, random) => {
    const centre = random.uniform() < 0.02 ? 50 : random.integer(4)
    row.forEach((_, k) => (row[k] = centre * (k + 1) + 0.1 * random.normal()))
  }),
  'outliers of one in 300': independent(
    10,
    (random) => random.normal() * (random.uniform() < 1 / 300 ? 1000 : 1),
    { kind: 'rank+raw' },
  ),
  'mostly zeros': independent(12, (random) => (random.uniform() < 0.9 ? 0 : exponential(random)), {
    kind: 'rank+raw',
  }),
  'small reference': independent(10, exponential, {
    kind: 'rank+raw',
    reference: 30,
    sizes: [5, 15],
  }),
  'large window, one column': independent(1, (random) => random.normal(), {
    reference: 2000,
    sizes: [1000],
  }),
  'all kinds at once': family(
    9,
    (row, random) => {
      const common = random.normal()
      row.set([common, common + random.normal(), random.integer(2)])
      row.set([cauchy(random), Math.exp(common), random.uniform() < 0.01 ? 1 : 0], 3)
      row.set([rareCode(random), random.integer(4), common > 2 ? 1 : 0], 6)
    },
    {
      groups: [
        { name: 'rank', columns: [0, 1, 2], kind: 'rank' },
        { name: 'raw', columns: [3, 4, 5], kind: 'rank+raw' },
        { name: 'classes', columns: [6, 7, 8], kind: 'category' },
      ],
    },
  ),
} satisfies Readonly<Record<string, NullFamily>>
