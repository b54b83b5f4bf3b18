import type { AnswerCount, GroundTruth } from '../store/index.ts'
import { type Accuracy, type AccuracyRule, countAnswer, NO_ACCURACY, recount } from './accuracy.ts'

/** What the model said of an image, before it is counted. */
export type Answer = {
  readonly image: number
  readonly predicted: string
  /** Empty: of no source. */
  readonly source: string
  readonly day: number
}

/** Counts answers one after the other, and gathers what that changes. */
export type AnswerBook = {
  /** The truth of an image that was not counted before. */
  count(truth: Omit<GroundTruth, 'counted'>, answer: Answer): GroundTruth
  /** Another truth of one that was. */
  correct(before: GroundTruth, label: string): void
  readonly accuracies: ReadonlyMap<string, Accuracy>
  /** Sources whose accuracy became too low, or no longer is, in the order in which that was found. */
  readonly turns: readonly Turn[]
  readonly changes: readonly AnswerCount[]
}

/** A source, and how its accuracy is from then on. */
export type Turn = { readonly source: string; readonly accuracy: Accuracy }

/** All sources together. */
const ALL = ''

/** Opens it where it was left. */
export function openAnswerBook(
  known: ReadonlyMap<string, Accuracy>,
  { rule, at }: { readonly rule: AccuracyRule; readonly at: number },
): AnswerBook {
  const accuracies = new Map(known)
  const turns: Turn[] = []
  const changes = new Map<string, AnswerCount>()
  const add = (cell: Omit<AnswerCount, 'images'>, images: 1 | -1): void => {
    const key = JSON.stringify([cell.day, cell.source, cell.predicted, cell.actual])
    changes.set(key, { ...cell, images: (changes.get(key)?.images ?? 0) + images })
  }
  const take = (source: string, isRight: boolean): number => {
    const before = accuracies.get(source) ?? NO_ACCURACY
    const accuracy = countAnswer(before, isRight, { rule, at })
    accuracies.set(source, accuracy)
    if (accuracy.isLow !== before.isLow) turns.push({ source, accuracy })
    return accuracy.all.trials
  }
  return {
    accuracies,
    turns,
    get changes() {
      return [...changes.values()].filter(({ images }) => images !== 0)
    },
    count: (truth, answer) => {
      const { predicted, source, day } = answer
      const isRight = predicted === truth.label
      add({ day, source, predicted, actual: truth.label }, 1)
      const number = take(ALL, isRight)
      const numberOfSource = source === ALL ? number : take(source, isRight)
      return { ...truth, counted: { ...answer, number, numberOfSource } }
    },
    correct: ({ label: before, counted }, label) => {
      if (counted === null) return
      const { day, source, predicted, number, numberOfSource } = counted
      add({ day, source, predicted, actual: before }, -1)
      add({ day, source, predicted, actual: label }, 1)
      const change = Number(predicted === label) - Number(predicted === before)
      if (change === 0) return
      for (const [name, own] of new Map([
        [ALL, number],
        [source, numberOfSource],
      ])) {
        const accuracy = accuracies.get(name)
        if (accuracy) accuracies.set(name, recount(accuracy, own, change > 0 ? 1 : -1))
      }
    },
  }
}
