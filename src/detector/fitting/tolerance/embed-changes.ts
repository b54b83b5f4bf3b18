import { scaleOfBoth } from '../../../judging/index.ts'
import {
  type OmnibusGroup,
  type OmnibusReference,
  scoresOfColumn,
} from '../../../statistics/index.ts'
import { matrix, type Matrix, multiply, symmetricEigen, transpose } from '../../../tensor/index.ts'
import type { DrawnChange } from './draw-changes.ts'

/** Copies, and what was done to each. */
export type ChangedCopies = {
  /** rows × columns. */
  readonly values: Float32Array
  readonly originals: Uint32Array
  /** Strengths and tools of each copy, equally many. */
  readonly changes: readonly DescribedChange[]
}

type DescribedChange = Pick<DrawnChange, 'description' | 'tool'>

/** Dimensions that changes are compared in at most. */
const DIMENSIONS = 12

/** Of each column's scores, those of location and spread say enough of what a change does. */
const SCORES = 2

/** Farther than any strengths are from each other. */
const APART = 1000

const BASE_ROWS = 2000
const RIDGE = 1e-3

/** What is done to one column counts no more than this many times its own standard deviation, however large it is. */
const SATURATION = 2

/**
 * Places changes, and others like them, by what they do to images: rows × (DIMENSIONS at most, and the tools). Strengths
 * and tools are described by numbers whose distances mean little: a border that matters much on photographs matters
 * nothing on black. A quadratic regression of the scores' changes on the description predicts what each change does, and
 * predictions are compared instead: of two changes by the same tool the distance is the root mean square, over all
 * scores, of how many standard deviations apart they move it.
 */
export function embedChanges(
  reference: OmnibusReference,
  copies: ChangedCopies,
  {
    groups,
    others,
  }: { readonly groups: readonly OmnibusGroup[]; readonly others: readonly DescribedChange[] },
): { readonly copies: Float32Array; readonly others: Float32Array } {
  const design = quadraticDesign(copies.changes)
  const effects = predictEffects(design, reference, { copies, groups })
  const { values, vectors } = symmetricEigen(multiply(effects, transpose(effects)))
  const dimensions = Math.min(DIMENSIONS, values.length)
  const axes = matrix(
    dimensions,
    effects.rows,
    vectors.data
      .slice(0, dimensions * effects.rows)
      .map(
        (one, i) =>
          one * Math.sqrt(Math.max(0, values[Math.floor(i / effects.rows)]) / effects.columns),
      ),
  )
  const place = (changes: readonly DescribedChange[], terms: Matrix) =>
    withTools(multiply(terms, transpose(axes)), changes)
  return {
    copies: place(copies.changes, design),
    others: place(others, quadraticDesign(others)),
  }
}

/** Tools are told apart before anything else: what two of them do alike on the whole they do not in detail. */
function withTools(places: Matrix, changes: readonly DescribedChange[]): Float32Array {
  const { columns, data } = places
  return Float32Array.from(
    changes.flatMap(({ tool }, row) => [
      ...data.subarray(row * columns, (row + 1) * columns),
      ...tool.map((one) => APART * one),
    ]),
  )
}

/** 1, the description, and all products of two of its numbers. */
function quadraticDesign(changes: readonly DescribedChange[]): Matrix {
  const rows = changes.map(({ description: own }) => [
    1,
    ...own,
    ...own.flatMap((first, i) => own.slice(i).map((second) => first * second)),
  ])
  return matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()))
}

/** Coefficients of the regression: terms × scores, each score in units in which all count about alike. */
function predictEffects(
  design: Matrix,
  reference: OmnibusReference,
  { copies, groups }: { readonly copies: ChangedCopies; readonly groups: readonly OmnibusGroup[] },
): Matrix {
  const scale = scaleOfBoth(reference, copies.values, { groups, rows: BASE_ROWS })
  const turned = transpose(design)
  const columns = scale.columns.flatMap((column) => {
    const originals = scoresOfColumn(scale, column, reference.values)
    return scoresOfColumn(scale, column, copies.values)
      .slice(0, SCORES)
      .map((scores, s) => {
        const changes = scores.map((score, row) => score - originals[s][copies.originals[row]])
        const unit = Math.hypot(deviationOf(originals[s]), rootMeanSquare(changes) / SATURATION)
        return timesVector(turned, changes, unit)
      })
  })
  const products = transpose(matrix(columns.length, turned.rows, joined(columns)))
  return multiply(ridgeInverse(multiply(turned, design)), products)
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((length, row) => length + row.length, 0))
  rows.forEach((row, i) => all.set(row, i * row.length))
  return all
}

/** matrix · vector / unit; 0 for a score that nothing moves. */
function timesVector({ rows, columns, data }: Matrix, vector: Float32Array, unit: number) {
  const product = new Float64Array(rows)
  if (unit === 0) return product
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let i = 0; i < columns; i++) sum += data[row * columns + i] * vector[i]
    product[row] = sum / unit
  }
  return product
}

/** (a + ridge)⁻¹ of a positive semidefinite matrix: tools exclude each other, so that terms depend on each other. */
function ridgeInverse(a: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(a)
  const least = RIDGE * (values.reduce((sum, value) => sum + value, 0) / values.length)
  const scaled = vectors.data.map(
    (one, i) => one / (Math.max(0, values[Math.floor(i / vectors.columns)]) + least),
  )
  return multiply(transpose(vectors), matrix(vectors.rows, vectors.columns, scaled))
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

function deviationOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return rootMeanSquare(values.map((value) => value - mean))
}
