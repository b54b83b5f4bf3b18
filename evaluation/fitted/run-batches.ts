import { createRandom } from '../../src/tensor/index.ts'
import type { CellContext } from '../harness/study.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount } from '../window/view.ts'
import type { Change, Form } from './change.ts'
import { drawBatch } from './draw-batch.ts'
import {
  type FittedOptions,
  type FittedSubject,
  type Measured,
  measuredRows,
  openFitted,
} from './fitted-subject.ts'
import { type BatchTest, RULES } from './rules.ts'

/** Batches of one size and share of changed images, and the rules that look at them. */
export type Draws = {
  readonly size: number
  readonly share: number
  readonly count: number
  readonly rules: readonly string[]
}

/** p-values of each rule on the same batches. */
export type BatchPValues = Omit<Draws, 'rules' | 'count'> & {
  readonly pValues: Readonly<Record<string, readonly number[]>>
}

export type PowerRequest = FittedOptions & {
  readonly form: Form
  readonly draws: readonly Draws[]
}

/** Batches of one change against the detector's own reference. */
export async function changedBatches(
  change: Change,
  request: PowerRequest,
  context: CellContext,
): Promise<BatchPValues[]> {
  const { form, draws, ...options } = request
  const subject = await openFitted(options, context)
  const changed = await subject.changed(change, form)
  const sets = { clean: subject.unseen, changed, labels: subject.labels }
  const own = { features: subject.reference, places: subject.referencePlaces }
  const tests = preparedRules(subject, own)
  return draws.map(({ size, share, count, rules }) => ({
    size,
    share,
    pValues: testAll(tests, { rules, count }, (index) => {
      const seed = seedOf('batch', options.seed, change.name, form, size, share, index)
      return { batch: drawBatch(change, sets, { size, share, seed }), seed }
    }),
  }))
}

export type CleanRequest = FittedOptions & {
  /** Which redrawn reference. */
  readonly index: number
  readonly draws: readonly Omit<Draws, 'share'>[]
}

/** Clean batches against a reference drawn anew from unseen images, as large as the detector's own. */
export async function cleanBatches(
  request: CleanRequest,
  context: CellContext,
): Promise<BatchPValues[]> {
  const { index, draws, ...options } = request
  const subject = await openFitted(options, context)
  const random = createRandom(seedOf('reference', options.seed, options.fitted, index))
  const order = random.permutation(rowCount(subject.unseen.features))
  const own = rowCount(subject.reference)
  const rest = order.subarray(own)
  const tests = preparedRules(subject, measuredRows(subject.unseen, order.subarray(0, own)))
  return draws.map(({ size, count, rules }) => ({
    size,
    share: 0,
    pValues: testAll(tests, { rules, count }, () => {
      const rows = random.sample(rest.length, size).map((i) => rest[i])
      const batch = measuredRows(subject.unseen, rows)
      return { batch, seed: random.integer(2 ** 31) }
    }),
  }))
}

type Tests = (name: string) => BatchTest

/** Each rule is prepared when it is first asked for. */
function preparedRules(
  subject: FittedSubject,
  { features, places }: Omit<Measured, 'plain'>,
): Tests {
  const prepared = new Map<string, BatchTest>()
  return (name) => {
    const known = prepared.get(name)
    if (known !== undefined) return known
    const rule = RULES.find((one) => one.name === name)
    if (rule === undefined) throw new RangeError(`expected a known rule, got ${name}`)
    const test = rule.prepare({ ...subject, reference: features, places })
    prepared.set(name, test)
    return test
  }
}

type DrawnBatch = { readonly batch: Measured; readonly seed: number }

function testAll(
  tests: Tests,
  { rules, count }: Pick<Draws, 'rules' | 'count'>,
  draw: (index: number) => DrawnBatch,
): Record<string, number[]> {
  const pValues = Object.fromEntries(rules.map((rule) => [rule, [] as number[]]))
  for (let index = 0; index < count; index++) {
    const { batch, seed } = draw(index)
    for (const rule of rules) {
      pValues[rule].push(Number(tests(rule)(batch, seed).toPrecision(4)))
    }
  }
  return pValues
}
