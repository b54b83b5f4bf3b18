import { wilsonInterval } from '../../src/statistics/index.ts'
import { rate } from '../protocol/alarms.ts'
import { truthOf } from './cases.ts'
import type { ClassifierName } from './classifiers.ts'
import { type Answer, ANSWERS, type CaseCounts } from './run-cell.ts'

/** What a classifier and reference gave. */
export type PhotographResult = {
  readonly classifier: ClassifierName
  readonly accuracy: number
  readonly counts: readonly CaseCounts[]
}

/** Of prior shifts alone, the least share that may not be called a change of look. */
const GATE = 0.95

/** Shares of answers by classifier, case and size, and whether prior shifts alone are called so or "can't tell". */
export function summarisePhotographs(results: readonly PhotographResult[]): object {
  const byClassifier = [...Map.groupBy(results, ({ classifier }) => classifier)]
  return {
    gate: `a change of the mix alone is called "prior", "can't tell" or nothing in at least ${GATE}`,
    classifiers: byClassifier.map(([classifier, own]) => {
      const cases = casesOf(own)
      return {
        classifier,
        accuracies: own.map(({ accuracy }) => accuracy),
        priorAlone: { labelled: gateOf(cases, true), unlabelled: gateOf(cases, false) },
        cases: cases.map(describeCase),
      }
    }),
  }
}

/** The counts of all references together. */
function casesOf(results: readonly PhotographResult[]): CaseCounts[] {
  const same = Map.groupBy(
    results.flatMap(({ counts }) => counts),
    ({ mix, look, size, labels }) => JSON.stringify([mix, look, size, labels]),
  )
  return [...same.values()].map((counts) => {
    const [{ mix, look, size, labels }] = counts
    const totals = ANSWERS.map((answer) => {
      return [answer, counts.reduce((sum, { answers }) => sum + answers[answer], 0)]
    })
    const answers = Object.fromEntries(totals) as Record<Answer, number>
    return { mix, look, size, labels, answers }
  })
}

function gateOf(cases: readonly CaseCounts[], labels: boolean): object {
  const prior = cases.filter((one) => one.labels === labels && truthOf(one) === 'prior')
  const batches = prior.reduce((sum, { answers }) => sum + totalOf(answers), 0)
  const wrong = prior.reduce((sum, { answers }) => sum + answers.appearance + answers.mixed, 0)
  const { low, high } = wilsonInterval(batches - wrong, batches)
  const share = rate(batches - wrong, batches)
  return { batches, right: share, interval: [low, high], passes: share >= GATE }
}

function totalOf(answers: CaseCounts['answers']): number {
  return ANSWERS.reduce((sum, answer) => sum + answers[answer], 0)
}

function describeCase({ answers, ...one }: CaseCounts): object {
  const total = totalOf(answers)
  return {
    ...one,
    truth: truthOf(one),
    answers: Object.fromEntries(ANSWERS.map((answer) => [answer, rate(answers[answer], total)])),
    looksCalled: rate(answers.appearance + answers.mixed, total),
    batches: total,
  }
}
