import {
  FEATURE_GROUPS,
  type FeatureColumn,
  type FeatureGroup,
  GROUP_NAMES,
  isFileGroup,
  isMapGroup,
  type PlaceMap,
} from '../measuring/values/index.ts'
import {
  extendFastOmnibus,
  type FastOmnibus,
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  type OmnibusResult,
  prepareFastOmnibus,
  type RowLabels,
} from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import type { BaselineNumbers } from './baseline.ts'
import { columnsOfTraits } from './file-comparison.ts'
import { behindRows, type Comparison } from './comparison.ts'
import type { TestSettings } from './test-settings.ts'

/** The columns of each group there is, for the window test. */
export function testGroups(
  columns: readonly FeatureColumn[],
  tested: readonly FeatureGroup[],
): OmnibusGroup[] {
  return GROUP_NAMES.filter((group) => tested.includes(group)).flatMap((group) => {
    const members = columns.flatMap((column, i) => (column.group === group ? [i] : []))
    return members.length === 0
      ? []
      : [{ name: group, columns: members, kind: FEATURE_GROUPS[group].test }]
  })
}

/** The groups of what images show, without those of the files they come in. */
export function contentGroups(
  columns: readonly FeatureColumn[],
  tested: readonly FeatureGroup[],
): OmnibusGroup[] {
  return testGroups(
    columns,
    tested.filter((group) => !isFileGroup(group)),
  )
}

/** The groups that a detector's test looks at; columns that tolerated changes move in ways of their own are left out. */
export function testedGroups(settings: TestSettings): OmnibusGroup[] {
  const { columns, features, tolerance, toleratedFiles, leftOut = [] } = settings
  const tolerated = columnsOfTraits(columns, toleratedFiles)
  const untested = new Set([...(tolerance?.untested ?? []), ...tolerated, ...leftOut])
  const left = columns.flatMap(({ name }, i) => (untested.has(name) ? [i] : []))
  const groups = withoutColumns(testGroups(columns, features), left).map(
    ({ name, columns: members, kind }): OmnibusGroup => {
      const { also } = FEATURE_GROUPS[name as FeatureGroup]
      return { name, columns: members, kind, also }
    },
  )
  return [...groups, ...mapGroups(settings)]
}

/** Whether batches are held against a baseline by what is at each place of the frame too. */
export function comparesPlaces({
  settings,
  maps,
}: Pick<BaselineNumbers, 'maps'> & { readonly settings: TestSettings }): boolean {
  return mapGroups({ ...settings, maps }).length > 0
}

/** The maps, where they are tested: a tolerated change of pixels moves what is at a place in ways of its own. */
function mapGroups({ maps = [], features, tolerance }: TestSettings): OmnibusGroup[] {
  if (maps.length === 0 || tolerance !== undefined) return []
  let end = 0
  const ranges = maps.map((map) => ({ start: end, end: (end += cellsOf(map)) }))
  return features
    .filter((name) => isMapGroup(name))
    .map((name) => ({ name, columns: [], kind: 'map', maps: ranges }))
}

function cellsOf({ rows, columns }: PlaceMap): number {
  return rows * columns
}

/** The groups without some columns; a group that has none left is gone. */
export function withoutColumns(
  groups: readonly OmnibusGroup[],
  left: readonly number[],
): OmnibusGroup[] {
  return groups
    .map((group) => ({ ...group, columns: group.columns.filter((one) => !left.includes(one)) }))
    .filter(({ columns }) => columns.length > 0)
}

/** The columns that are tested by their ranks alone. */
export function rankedColumns(columns: readonly FeatureColumn[]): ReadonlySet<number> {
  return new Set(
    columns.flatMap(({ group }, column) => (FEATURE_GROUPS[group].test === 'rank' ? [column] : [])),
  )
}

/** Draws that resolve a tail of one alarm level ten times over; at least 999. */
export function drawsFor(level: number): number {
  return Math.max(999, Math.ceil(10 / level) - 1)
}

export type FeatureTestOptions = {
  readonly mode?: 'auto' | 'exact' | 'fast' | undefined
  /** The alarm level the p-value will be held against. */
  readonly level: number
  readonly seed: number
  /** Block of each row, where rows depend on each other; needs a reference with blocks. */
  readonly blocks?: Uint32Array | undefined
  /** What is at each place of the batch's images. */
  readonly places?: Int8Array | undefined
}

/** A window test, and what the batch resembles most. */
export type FeatureTest = OmnibusResult & { readonly comparison: Comparison }

/** What the test needs of a detector. */
type Tested = {
  /** Block of each reference row. */
  readonly blocks?: Uint32Array | undefined
  readonly manifest: TestSettings
  readonly baseline: BaselineNumbers
}

/** A batch that the reference itself explains so well need not be explained by a tolerated change. */
const EXPLAINED = 0.1

/**
 * The window test alone, on features already measured: n × columns, row-major. Where changes are tolerated and the
 * reference does not explain the batch, the mixture of tolerated changes that the batch resembles most is tried:
 * drift is what neither explains.
 */
export function testFeatures(
  detector: Tested,
  values: Float32Array,
  options: FeatureTestOptions,
): FeatureTest {
  const { comparison, nearest } = detector.baseline
  const plain = testAgainst({ ...detector, comparison }, values, options)
  if (nearest === undefined || isExplained(plain, options) || hasOtherFiles(plain, options))
    return plain
  // Of a mixture found for one batch no null can be prepared.
  const exact = { ...options, mode: 'exact' as const }
  let best = plain
  for (const mixture of nearest(values, options.seed)) {
    const next = testAgainst({ ...detector, comparison: mixture }, values, exact)
    if (next.pValue >= best.pValue) best = next
    if (isExplained(best, options)) break
  }
  return best
}

/** No change of what images show explains that their files are others. */
function hasOtherFiles({ groups }: FeatureTest, { level }: FeatureTestOptions): boolean {
  return groups.some(
    ({ name, adjustedPValue }) => isFileGroup(name as FeatureGroup) && adjustedPValue <= level,
  )
}

function isExplained({ pValue }: FeatureTest, { level }: FeatureTestOptions): boolean {
  return pValue > Math.max(EXPLAINED, 2 * level)
}

function testAgainst(
  { manifest, baseline, blocks, comparison }: Tested & { readonly comparison: Comparison },
  values: Float32Array,
  options: FeatureTestOptions,
): FeatureTest {
  const { level, seed } = options
  const places = comparison.prepared.maps && options.places
  const groups = testedGroups({ ...manifest, maps: places && baseline.maps })
  const exact = { permutations: drawsFor(level), random: createRandom(seed), maps: places }
  const fast = options.blocks === undefined ? fastFor(comparison, groups, values, options) : null
  const result =
    fast === null
      ? omnibusExact(comparison.prepared, values, groups, {
          ...exact,
          blocks: rowBlocks(blocks, options.blocks, comparison),
          allowances: comparison.allowances,
        })
      : omnibusFast(fast, values, { ...exact, level })
  return { ...result, comparison }
}

/** The blocks of a comparison's rows and of a batch's; undefined where rows are on their own. */
export function rowBlocks(
  reference: Uint32Array | undefined,
  window: Uint32Array | undefined,
  comparison: Comparison,
): RowLabels | undefined {
  if (reference === undefined || window === undefined) return undefined
  return { reference: behindRows(comparison, reference), window }
}

/** The nulls to screen with, where they are ready or were asked for; null where the exact test is to be used at once. */
// oxlint-disable-next-line eslint/max-params -- three values, then the options object
function fastFor(
  { prepared, fast }: Comparison,
  groups: readonly OmnibusGroup[],
  values: Float32Array,
  { mode = 'auto', seed }: FeatureTestOptions,
): FastOmnibus | null {
  const rows = values.length / prepared.columnCount
  const isReady =
    fast?.nulls.some(({ size }) => size === rows) === true && haveSameColumns(fast.groups, groups)
  if (mode === 'exact' || (mode === 'auto' && !isReady)) return null
  if (isReady) return fast
  return prepareFastOmnibus(prepared, groups, { sizes: [rows], random: createRandom(seed) })
}

/** Nulls of other columns say nothing. */
function haveSameColumns(first: readonly OmnibusGroup[], second: readonly OmnibusGroup[]): boolean {
  const columnsOf = (groups: readonly OmnibusGroup[]): string =>
    groups
      .map(({ columns, maps = [], also }) => `${columns.join()}:${maps.length}:${also}`)
      .join(';')
  return columnsOf(first) === columnsOf(second)
}

/** The baseline with the nulls of these batch sizes drawn ahead, so that clearing a quiet batch costs a millisecond. */
export function prepareSizes<Own extends BaselineNumbers>(
  { manifest, baseline }: Tested & { readonly baseline: Own },
  sizes: readonly number[],
  seed: number,
): Own {
  const { comparison } = baseline
  const { fast, prepared } = comparison
  const random = createRandom(seed)
  const extended =
    fast === undefined
      ? prepareFastOmnibus(prepared, testedGroups({ ...manifest, maps: baseline.maps }), {
          sizes,
          random,
        })
      : extendFastOmnibus(fast, { sizes, random })
  return { ...baseline, comparison: { ...comparison, fast: extended } }
}
