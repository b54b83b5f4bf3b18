import { sql } from 'kysely'
import type { Queries } from './database.ts'
import type { ImageState, Tables } from './tables.ts'

/** What an image really shows, and as what it was counted. */
export type GroundTruth = {
  readonly predictionId: string
  readonly label: string
  readonly saidAt: number
  /** Null while no image of that name has come. */
  readonly counted: CountedAnswer | null
}

/** What the model said of an image of which the truth is known, and where that was counted. */
export type CountedAnswer = {
  readonly image: number
  readonly predicted: string
  /** Empty: of no source. */
  readonly source: string
  /** Begin of the day on which the image was taken. */
  readonly day: number
  /** Its number among all answers, from 1, and among those of its source. */
  readonly number: number
  readonly numberOfSource: number
}

/** An image as it came. */
export type NamedImage = {
  readonly number: number
  readonly predictionId: string
  readonly source: string | null
  readonly takenAt: string | null
  readonly receivedAt: number
  /** JSON. */
  readonly facts: string
  readonly state: ImageState
}

/** Images of a day and source that the model took for one class and are of another, or the same. */
export type AnswerCount = {
  readonly day: number
  readonly source: string
  readonly predicted: string
  readonly actual: string
  readonly images: number
}

/** Which answers are looked at: of days that begin from one time on and before another. */
export type AnswersOptions = {
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly source?: string | undefined
}

/** True classes, and what the model said. */
export type GroundTruthTable = {
  /** Until the end of the transaction nobody else counts answers of this monitor. */
  lock(monitor: string): Promise<void>
  said(monitor: string, predictionIds: readonly string[]): Promise<GroundTruth[]>
  /** Images of these names, those that are not counted yet too. */
  images(monitor: string, predictionIds: readonly string[]): Promise<NamedImage[]>
  /** In place of what was said of the same images before. */
  put(monitor: string, truths: readonly GroundTruth[]): Promise<void>
  /** Those that need not wait any longer. */
  drop(monitor: string, predictionIds: readonly string[]): Promise<void>
  /** How many wait for their image. */
  waiting(monitor: string): Promise<number>
  /** Of those that wait some whose image has come. */
  arrived(monitor: string, most: number): Promise<GroundTruth[]>
  /** What is remembered of each source, JSON; the empty name stands for all together. */
  states(monitor: string): Promise<(readonly [source: string, state: string])[]>
  putStates(
    monitor: string,
    states: readonly (readonly [source: string, state: string])[],
  ): Promise<void>
  /** Adds so many images to each, or takes them away. */
  addAnswers(monitor: string, changes: readonly AnswerCount[]): Promise<void>
  /** Images by predicted and true class, those with most first. */
  byClasses(
    monitor: string,
    options: AnswersOptions,
  ): Promise<Pick<AnswerCount, 'predicted' | 'actual' | 'images'>[]>
  /** Images by day, the earliest first, and of how many the model was right. */
  byDay(
    monitor: string,
    options: AnswersOptions,
  ): Promise<{ readonly day: number; readonly images: number; readonly correct: number }[]>
}

/** Queries of true classes. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one query after the other
export function groundTruthTable(db: Queries): GroundTruthTable {
  const all = (monitor: string) =>
    db.selectFrom('ground_truth').selectAll().where('monitor', '=', monitor)
  const answers = (monitor: string, { since, until, source }: AnswersOptions) => {
    let query = db.selectFrom('answers').where('monitor', '=', monitor).where('images', '>', 0)
    if (since !== undefined) query = query.where('day', '>=', since)
    if (until !== undefined) query = query.where('day', '<', until)
    if (source !== undefined) query = query.where('source', '=', source)
    return query
  }
  return {
    lock: async (monitor) => {
      await db
        .insertInto('accuracy')
        .values({ monitor, source: '', state: '' })
        .onConflict((conflict) =>
          conflict.columns(['monitor', 'source']).doUpdateSet({ source: '' }),
        )
        .execute()
    },
    said: async (monitor, predictionIds) => {
      if (predictionIds.length === 0) return []
      const rows = await all(monitor)
        .where('prediction_id', 'in', [...predictionIds])
        .execute()
      return rows.map(truthOf)
    },
    images: async (monitor, predictionIds) => {
      if (predictionIds.length === 0) return []
      const rows = await db
        .selectFrom('images')
        .select(['number', 'prediction_id', 'source', 'taken_at', 'received_at', 'facts', 'state'])
        .where('monitor', '=', monitor)
        .where('prediction_id', 'in', [...predictionIds])
        .execute()
      return rows.map(({ prediction_id: predictionId, ...row }) => ({
        predictionId,
        number: row.number,
        source: row.source,
        takenAt: row.taken_at,
        receivedAt: row.received_at,
        facts: row.facts,
        state: row.state,
      }))
    },
    put: async (monitor, truths) => {
      if (truths.length === 0) return
      await db
        .insertInto('ground_truth')
        .values(truths.map((truth) => rowOf(monitor, truth)))
        .onConflict((conflict) =>
          conflict.columns(['monitor', 'prediction_id']).doUpdateSet((build) => ({
            label: build.ref('excluded.label'),
            said_at: build.ref('excluded.said_at'),
            image: build.ref('excluded.image'),
            predicted: build.ref('excluded.predicted'),
            source: build.ref('excluded.source'),
            day: build.ref('excluded.day'),
            number: build.ref('excluded.number'),
            number_of_source: build.ref('excluded.number_of_source'),
          })),
        )
        .execute()
    },
    drop: async (monitor, predictionIds) => {
      if (predictionIds.length === 0) return
      await db
        .deleteFrom('ground_truth')
        .where('monitor', '=', monitor)
        .where('prediction_id', 'in', [...predictionIds])
        .execute()
    },
    waiting: async (monitor) => {
      const { count } = await db
        .selectFrom('ground_truth')
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .where('monitor', '=', monitor)
        .where('image', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    arrived: async (monitor, most) => {
      const rows = await db
        .selectFrom('ground_truth')
        .innerJoin('images', (join) =>
          join
            .onRef('images.monitor', '=', 'ground_truth.monitor')
            .onRef('images.prediction_id', '=', 'ground_truth.prediction_id'),
        )
        .selectAll('ground_truth')
        .where('ground_truth.monitor', '=', monitor)
        .where('ground_truth.image', 'is', null)
        .orderBy('ground_truth.said_at')
        .limit(most)
        .execute()
      return rows.map(truthOf)
    },
    states: async (monitor) => {
      const rows = await db
        .selectFrom('accuracy')
        .select(['source', 'state'])
        .where('monitor', '=', monitor)
        .where('state', '!=', '')
        .orderBy('source')
        .execute()
      return rows.map(({ source, state }) => [source, state] as const)
    },
    putStates: async (monitor, states) => {
      if (states.length === 0) return
      await db
        .insertInto('accuracy')
        .values(states.map(([source, state]) => ({ monitor, source, state })))
        .onConflict((conflict) =>
          conflict
            .columns(['monitor', 'source'])
            .doUpdateSet((build) => ({ state: build.ref('excluded.state') })),
        )
        .execute()
    },
    addAnswers: async (monitor, changes) => {
      if (changes.length === 0) return
      await db
        .insertInto('answers')
        .values(changes.map((change) => ({ ...change, monitor })))
        .onConflict((conflict) =>
          conflict
            .columns(['monitor', 'day', 'source', 'predicted', 'actual'])
            .doUpdateSet((build) => ({
              images: build(build.ref('answers.images'), '+', build.ref('excluded.images')),
            })),
        )
        .execute()
    },
    byClasses: async (monitor, options) => {
      const rows = await answers(monitor, options)
        .select(({ fn }) => ['predicted', 'actual', fn.sum<number | string>('images').as('images')])
        .groupBy(['predicted', 'actual'])
        .execute()
      return rows
        .map(({ predicted, actual, images }) => ({ predicted, actual, images: Number(images) }))
        .toSorted((a, b) => b.images - a.images || compare(a.actual, b.actual))
    },
    byDay: async (monitor, options) => {
      const rows = await answers(monitor, options)
        .select(({ fn }) => [
          'day',
          fn.sum<number | string>('images').as('images'),
          sql<number | string>`sum(case when predicted = actual then images else 0 end)`.as(
            'correct',
          ),
        ])
        .groupBy('day')
        .orderBy('day')
        .execute()
      return rows.map(({ day, images, correct }) => ({
        day,
        images: Number(images),
        correct: Number(correct),
      }))
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Row = Omit<Tables['ground_truth'], 'monitor'>

function rowOf(monitor: string, { predictionId, label, saidAt, counted }: GroundTruth) {
  const { image, predicted, source, day, number, numberOfSource } = counted ?? NOWHERE
  return {
    monitor,
    prediction_id: predictionId,
    label,
    said_at: saidAt,
    image,
    predicted,
    source,
    day,
    number,
    number_of_source: numberOfSource,
  }
}

const NOWHERE = {
  image: null,
  predicted: null,
  source: null,
  day: null,
  number: null,
  numberOfSource: null,
}

function truthOf(row: Row): GroundTruth {
  const { prediction_id: predictionId, label, said_at: saidAt, image, predicted } = row
  const { source, day, number, number_of_source: numberOfSource } = row
  const isCounted =
    image !== null &&
    predicted !== null &&
    source !== null &&
    day !== null &&
    number !== null &&
    numberOfSource !== null
  return {
    predictionId,
    label,
    saidAt,
    counted: isCounted ? { image, predicted, source, day, number, numberOfSource } : null,
  }
}
