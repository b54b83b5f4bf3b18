/** How a family of columns is scored: by ranks, by ranks and raw values, or by the shares of its categories. */
export type OmnibusGroupKind = 'rank' | 'rank+raw' | 'category'

/** Columns tested as one family; a `category` group holds columns of category codes. */
export type OmnibusGroup = {
  readonly name: string
  /** Indices into the columns of the reference matrix. */
  readonly columns: readonly number[]
  readonly kind: OmnibusGroupKind
}

/** One family's share in the evidence. */
export type OmnibusGroupResult = {
  readonly name: string
  /** Valid for this group alone. */
  readonly pValue: number
  /** Adjusted over all groups (Westfall–Young, single step). */
  readonly adjustedPValue: number
  /** Column with the largest standardised statistic in the group's strongest channel. */
  readonly strongestColumn: number
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
}

/** Throws RangeError unless every group names known columns and no name comes twice. */
export function checkGroups(groups: readonly OmnibusGroup[], columnCount: number): void {
  const names = new Set<string>()
  for (const { name, columns } of groups) {
    if (names.has(name)) throw new RangeError(`expected distinct group names, got ${name} twice`)
    names.add(name)
    if (columns.length === 0) throw new RangeError(`expected columns in group ${name}, got none`)
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
