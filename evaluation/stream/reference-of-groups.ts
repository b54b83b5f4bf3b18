import { type StreamReference, testGroups, weightsOf } from '../../src/judging/index.ts'
import type { FittedSubject } from '../fitted/fitted-subject.ts'
import { rowCount } from '../window/view.ts'
import { referenceOfRows } from './watched.ts'

/** The reference of a detector as its stream takes it: groups count alike, and so do the columns of a group. */
export function referenceOfGroups({
  columns,
  groups,
  reference,
}: Pick<FittedSubject, 'columns' | 'groups' | 'reference'>): StreamReference {
  const tested = testGroups(columns, groups)
  const order = tested.flatMap((group) => group.columns)
  const rows = rowCount(reference)
  const values = Float32Array.from({ length: rows * order.length }, (_, i) => {
    const row = Math.floor(i / order.length)
    return reference.values[row * reference.width + order[i % order.length]]
  })
  return {
    ...referenceOfRows(values, order.length),
    columns: order,
    width: reference.width,
    weights: weightsOf(tested),
  }
}
