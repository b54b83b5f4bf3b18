import type { Calendar } from '../calendar/index.ts'
import type { GroundTruth, NamedImage, Tables } from '../store/index.ts'
import type { ImageFacts } from '../watching/index.ts'
import type { Accuracy, AccuracyRule } from './accuracy.ts'
import { type Answer, type AnswerBook, openAnswerBook, type Turn } from './answers.ts'
import { predictedClass } from './predicted-class.ts'

/** What an image really shows. */
export type SaidTruth = { readonly predictionId: string; readonly label: string }

/**
 * What became of it. `waiting`: kept until the image comes. `no-prediction`: what the model said of it did not come with
 * it, so that there is nothing to count. `forgotten`: the image is. `refused`: too many wait already.
 */
export const TRUTH_STATUSES = [
  'counted',
  'unchanged',
  'corrected',
  'waiting',
  'no-prediction',
  'forgotten',
  'refused',
] as const

/** What became of a true class. */
export type TruthReceipt = {
  readonly predictionId: string
  readonly status: (typeof TRUTH_STATUSES)[number]
}

/** Of a monitor, what counting needs. */
export type TakingOptions = {
  readonly monitor: string
  readonly classNames?: readonly string[] | undefined
  readonly calendar: Calendar
  readonly rule: AccuracyRule
  readonly at: number
}

/** True classes that may wait for their image. */
const MOST_WAITING = 100_000

/** Takes true classes one after the other, within a transaction: each image is counted once, as it was said last. */
export async function takeGroundTruth(
  { groundTruth }: Tables,
  truths: readonly SaidTruth[],
  options: TakingOptions,
): Promise<{ readonly receipts: TruthReceipt[]; readonly turns: readonly Turn[] }> {
  const { monitor, rule, at } = options
  await groundTruth.lock(monitor)
  const names = [...new Set(truths.map(({ predictionId }) => predictionId))]
  const images = byName(await groundTruth.images(monitor, names))
  const states = await groundTruth.states(monitor)
  const known = new Map(states.map(([name, state]) => [name, JSON.parse(state) as Accuracy]))
  const taking: Taking = {
    options,
    images,
    said: new Map(byName(await groundTruth.said(monitor, names))),
    book: openAnswerBook(known, { rule, at }),
    room: images.size === names.length ? 0 : MOST_WAITING - (await groundTruth.waiting(monitor)),
    changed: new Map(),
    useless: new Set(),
  }
  const receipts = truths.map((truth) => ({
    predictionId: truth.predictionId,
    status: takeOne(truth, taking),
  }))
  const { accuracies, changes, turns } = taking.book
  await groundTruth.put(monitor, [...taking.changed.values()])
  await groundTruth.drop(monitor, [...taking.useless])
  await groundTruth.addAnswers(monitor, changes)
  const changed = [...accuracies].filter(([name, accuracy]) => known.get(name) !== accuracy)
  await groundTruth.putStates(
    monitor,
    changed.map(([name, accuracy]) => [name, JSON.stringify(accuracy)] as const),
  )
  return { receipts, turns }
}

type Taking = {
  readonly options: TakingOptions
  readonly images: ReadonlyMap<string, NamedImage>
  readonly said: Map<string, GroundTruth>
  readonly book: AnswerBook
  /** For so many more that wait. */
  room: number
  readonly changed: Map<string, GroundTruth>
  /** Names of those that waited for an image which says nothing. */
  readonly useless: Set<string>
}

function takeOne({ predictionId, label }: SaidTruth, taking: Taking): TruthReceipt['status'] {
  const { images, said, book, options } = taking
  const before = said.get(predictionId)
  const image = images.get(predictionId)
  const keep = (truth: GroundTruth): void => {
    said.set(predictionId, truth)
    taking.changed.set(predictionId, truth)
  }
  if (before !== undefined && before.counted !== null) {
    if (before.label === label) return 'unchanged'
    book.correct(before, label)
    keep({ ...before, label, saidAt: options.at })
    return 'corrected'
  }
  if (image === undefined) {
    if (before === undefined && taking.room-- <= 0) return 'refused'
    if (before?.label !== label) {
      keep({ predictionId, label, saidAt: options.at, counted: null })
    }
    return 'waiting'
  }
  const answer = answerOf(image, options)
  if (answer === undefined) {
    if (before !== undefined) taking.useless.add(predictionId)
    return image.state === 'forgotten' ? 'forgotten' : 'no-prediction'
  }
  keep(book.count({ predictionId, label, saidAt: options.at }, answer))
  return 'counted'
}

function answerOf(
  { number, source, takenAt, receivedAt, facts }: NamedImage,
  { classNames, calendar }: TakingOptions,
): Answer | undefined {
  const predicted = predictedClass(JSON.parse(facts) as ImageFacts, classNames)
  if (predicted === undefined) return undefined
  const time = takenAt === null ? receivedAt : Date.parse(takenAt)
  const { start: day } = calendar.periodOf(time, 'day')
  return { image: number, predicted, source: source ?? '', day }
}

function byName<T extends { readonly predictionId: string }>(
  all: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.predictionId, one]))
}
