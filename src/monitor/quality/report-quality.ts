import { type Successes, wilsonInterval } from '../../statistics/index.ts'
import type { AnswersOptions, Store } from '../store/index.ts'
import type { WatchedMonitor } from '../watching/index.ts'
import type { Accuracy, JudgedWindow } from './accuracy.ts'

/** Of images whose truth is known on how many the model was right, with Wilson's 95% interval. */
export type Share = {
  readonly images: number
  readonly right: number
  readonly share: number
  readonly low: number
  readonly high: number
}

/** Accuracy of a source of late; the empty name stands for all together. */
export type SourceAccuracy = Share & {
  readonly source: string
  /** `insufficient-data`: no window was full yet. */
  readonly state: 'insufficient-data' | 'ok' | 'low'
  /** What windows are compared with; null while it is not full, or where a floor is stated. */
  readonly baseline: Share | null
  readonly lastWindow: (Share & { readonly pValue: number; readonly judgedAt: number }) | null
}

/** A class: of images that are of it how many were found, of those taken for it how many are. */
export type ClassAccuracy = {
  readonly name: string
  /** Null where no image is of it. */
  readonly found: Share | null
  /** Null where none was taken for it. */
  readonly trusted: Share | null
}

/** How often the model is right. */
export type QualityReport = {
  /** True classes that wait for their image. */
  readonly waiting: number
  readonly sources: readonly SourceAccuracy[]
  /** Null where no truth is known of such days and source. */
  readonly all: Share | null
  readonly classes: readonly ClassAccuracy[]
  readonly days: readonly (Share & { readonly start: number })[]
  /** Most images first. */
  readonly confusion: readonly {
    readonly predicted: string
    readonly actual: string
    readonly images: number
  }[]
}

/** Reads what was counted. */
export async function reportQuality(
  { groundTruth }: Store,
  { id, settings: { accuracyFloor, accuracyBaseline } }: WatchedMonitor,
  options: AnswersOptions,
): Promise<QualityReport> {
  const confusion = await groundTruth.byClasses(id, options)
  const days = await groundTruth.byDay(id, options)
  const states = await accuracyStates(groundTruth, id)
  return {
    waiting: await groundTruth.waiting(id),
    sources: [...states].map(([source, accuracy]) =>
      sourceOf(source, accuracy, accuracyFloor === null ? accuracyBaseline : null),
    ),
    all: sumOf(confusion.map(({ predicted, actual, images }) => [images, predicted === actual])),
    classes: classesOf(confusion),
    days: days.map(({ day, images, correct }) =>
      Object.assign(shareOf({ successes: correct, trials: images }), { start: day }),
    ),
    confusion,
  }
}

function sourceOf(
  source: string,
  { all, baseline, last, isLow }: Accuracy,
  baselineSize: number | null,
): SourceAccuracy {
  const isCompared = baselineSize !== null && baseline.trials >= baselineSize
  return {
    ...shareOf(all),
    source,
    state: last === null ? 'insufficient-data' : isLow ? 'low' : 'ok',
    baseline: isCompared ? shareOf(baseline) : null,
    lastWindow: last && windowOf(last),
  }
}

/** Accuracy by source; the empty name stands for all together. */
export async function accuracyStates(
  { states }: Pick<Store['groundTruth'], 'states'>,
  monitor: string,
): Promise<ReadonlyMap<string, Accuracy>> {
  const found = await states(monitor)
  return new Map(found.map(([source, state]) => [source, JSON.parse(state) as Accuracy]))
}

function windowOf({ pValue, at, ...window }: JudgedWindow): SourceAccuracy['lastWindow'] {
  return { ...shareOf(window), pValue, judgedAt: at }
}

function shareOf({ successes, trials }: Successes): Share {
  const { low, high } = wilsonInterval(successes, trials)
  return { images: trials, right: successes, share: successes / trials, low, high }
}

function sumOf(cells: readonly (readonly [images: number, isRight: boolean])[]): Share | null {
  let [trials, successes] = [0, 0]
  for (const [images, isRight] of cells) {
    trials += images
    if (isRight) successes += images
  }
  return trials === 0 ? null : shareOf({ successes, trials })
}

function classesOf(confusion: QualityReport['confusion']): ClassAccuracy[] {
  const names = new Set(confusion.flatMap(({ predicted, actual }) => [actual, predicted]))
  const sumBy = (of: 'actual' | 'predicted') => {
    const cells = Map.groupBy(confusion, (cell) => cell[of])
    return (name: string) =>
      sumOf((cells.get(name) ?? []).map((cell) => [cell.images, cell.predicted === cell.actual]))
  }
  const [found, trusted] = [sumBy('actual'), sumBy('predicted')]
  return [...names].toSorted().map((name) => ({ name, found: found(name), trusted: trusted(name) }))
}
