/** How a family of columns is scored: by ranks, by ranks and raw values, or by the shares of its categories; maps by their means. */
export type OmnibusGroupKind = 'rank' | 'rank+raw' | 'category' | 'map'

/**
 * `few`: too many of the window's rows among the highest of a column, however many (higher criticism).
 * `together`: columns that move a little each (the sum of their squared location statistics).
 */
export type OmnibusExtra = 'few' | 'together'

/** Columns tested as one family; a `category` group holds columns of category codes, a `map` group none, but maps. */
export type OmnibusGroup = {
  readonly name: string
  /** Indices into the columns of the reference matrix. */
  readonly columns: readonly number[]
  readonly kind: OmnibusGroupKind
  /** What is heard besides: what no single column's sums say. */
  readonly also?: OmnibusExtra | undefined
  /** Of a `map` group: which bytes of a row are each map's. */
  readonly maps?: readonly MapRange[] | undefined
}

/** The bytes `start` to `end` (exclusive) of a row of maps. */
export type MapRange = { readonly start: number; readonly end: number }

/** One family's share in the evidence. */
export type OmnibusGroupResult = {
  readonly name: string
  /** Valid for this group alone. */
  readonly pValue: number
  /** Adjusted over all groups (Westfall–Young, single step). */
  readonly adjustedPValue: number
  /** Column with the largest standardised statistic in the group's strongest channel; of maps the map, from 0. */
  readonly strongestColumn: number
}

/** One map's share in the evidence. */
export type OmnibusMapResult = {
  /** Its number within its group. */
  readonly map: number
  /** Mean of the largest standardised differences of its places. */
  readonly statistic: number
  /** Valid for this map alone. */
  readonly pValue: number
  /** Adjusted over everything that was tested. */
  readonly adjustedPValue: number
}

/** One column's share in the evidence. */
export type OmnibusColumnResult = {
  readonly column: number
  /** Largest standardised score difference over the column's scores; 0 for a constant column. */
  readonly statistic: number
  /** Valid for this column alone. */
  readonly pValue: number
  /** Adjusted over all columns of all groups (Westfall–Young, single step); the smallest is the window's. */
  readonly adjustedPValue: number
}

/** What the omnibus says about one window; plain data. */
export type OmnibusResult = {
  /** Valid for the window as a whole, adjusted over groups and columns. */
  readonly pValue: number
  readonly mode: 'exact' | 'fast'
  /** Number of null draws behind the p-value. */
  readonly draws: number
  readonly groups: readonly OmnibusGroupResult[]
  readonly columns: readonly OmnibusColumnResult[]
  /** Empty where no maps were tested. */
  readonly maps: readonly OmnibusMapResult[]
}

/** Throws RangeError unless every group names known columns and no name comes twice. */
export function checkGroups(groups: readonly OmnibusGroup[], columnCount: number): void {
  const names = new Set<string>()
  for (const { name, columns, kind, maps = [] } of groups) {
    if (names.has(name)) throw new RangeError(`expected distinct group names, got ${name} twice`)
    names.add(name)
    const members = kind === 'map' ? maps : columns
    if (members.length === 0) throw new RangeError(`expected columns in group ${name}, got none`)
    for (const column of columns) {
      if (!Number.isInteger(column) || column < 0 || column >= columnCount) {
        throw new RangeError(
          `expected columns 0..${columnCount - 1} in group ${name}, got ${column}`,
        )
      }
    }
  }
  if (names.size === 0) throw new RangeError('expected at least one group, got none')
}

/** Throws RangeError unless `values` is rows × columnCount of finite numbers; returns the rows. */
export function checkMatrix(values: Float32Array, columnCount: number, what: string): number {
  const rows = values.length / columnCount
  if (!Number.isInteger(rows) || rows < 1) {
    throw new RangeError(
      `expected whole rows of ${columnCount} columns in the ${what}, got ${values.length} values`,
    )
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      const column = i % columnCount
      const row = (i - column) / columnCount
      throw new RangeError(
        `expected finite numbers, got ${values[i]} in row ${row}, column ${column} of the ${what}`,
      )
    }
  }
  return rows
}
