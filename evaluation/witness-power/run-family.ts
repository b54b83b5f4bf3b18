import type { GradedChange } from '../../src/images/index.ts'
import { guaranteedThreshold } from '../../src/statistics/index.ts'
import type { Change } from '../fitted/change.ts'
import { drawBatch } from '../fitted/draw-batch.ts'
import {
  type DataName,
  type FittedSubject,
  type Measured,
  openFitted,
} from '../fitted/fitted-subject.ts'
import { LEVEL } from '../fitted/rules.ts'
import type { CellContext } from '../harness/study.ts'
import { productTest } from '../protocol/product-test.ts'
import { BEFORE, MOST, openDelayStream } from '../stream/delay-stream.ts'
import { referenceOfGroups } from '../stream/reference-of-groups.ts'
import { watch } from '../stream/watched.ts'
import { seedOf } from '../window/seed-of.ts'
import type { View } from '../window/view.ts'
import { changesBeside, changesOf, type Family } from './families.ts'
import { type Columns, withoutWitness, withWitness } from './teach.ts'

/** No witness; one that was not taught the family; one that was. */
export const WITNESSES = ['none', 'not-taught', 'taught'] as const

export type Witness = (typeof WITNESSES)[number]

export type FamilyRequest = {
  readonly data: DataName
  readonly family: Family
  readonly fitted: number
  readonly seed: number
  readonly size: number
  readonly batches: number
  readonly runs: number
  readonly falseAlarmEvery: number
}

/** What one change of the family came to under one witness. */
export type FamilyOutcome = {
  readonly change: string
  readonly witness: Witness
  /** Alarms of the batches, by share. */
  readonly alarms: readonly { readonly share: number; readonly alarms: number }[]
  /** Images from the change to the alarm, by share; `MOST` where there was none. */
  readonly delays: readonly { readonly share: number; readonly delays: readonly number[] }[]
}

const SHARES = [0.1, 0.5, 1]
/** Of the way from a change's weakest strength to its strongest, by logarithms: mild. */
const STRENGTH = 0.35

/** Every change of a family, in windows and in streams, under each witness. */
export async function runFamily(
  request: FamilyRequest,
  context: CellContext,
): Promise<FamilyOutcome[]> {
  const { data, family, fitted, seed } = request
  const subject = await openFitted({ data, fitted, seed }, context)
  const channels = data === 'mnist' ? 1 : 3
  const views = await viewsOf(subject, { family, channels, seed })
  const outcomes: FamilyOutcome[] = []
  for (const graded of changesOf(family, channels)) {
    const change = mildly(graded)
    const changed = await subject.changed(change, 'as-is')
    for (const { witness, columns, reference, unseen } of views) {
      const own = { columns: columns.columns, groups: subject.groups, reference }
      const moved = { ...changed, features: await columns.of(changed.features) }
      const sets = { clean: { ...subject.unseen, features: unseen }, changed: moved }
      outcomes.push({
        change: graded.name,
        witness,
        alarms: countAlarms(subject, { ...own, ...sets, change }, request),
        delays: takeDelays(own, { ...sets, change }, request),
      })
    }
  }
  return outcomes
}

function mildly(change: GradedChange): Change {
  const strength = change.from * (change.to / change.from) ** STRENGTH
  return {
    name: `graded-${change.name}`,
    title: change.title,
    apply: (pixels, random) => change.apply(pixels, { strength, random }),
  }
}

type Seen = {
  readonly witness: Witness
  readonly columns: Columns
  readonly reference: View
  readonly unseen: View
}

async function viewsOf(
  subject: FittedSubject,
  {
    family,
    channels,
    seed,
  }: { readonly family: Family; readonly channels: number; readonly seed: number },
): Promise<Seen[]> {
  const detector = await subject.detector()
  try {
    const spare = await subject.spare()
    const beside = changesBeside(family, channels)
    const teach = (changes: readonly GradedChange[]): Promise<Columns> =>
      withWitness({ detector, spare, changes, seed })
    const columns: Readonly<Record<Witness, Columns>> = {
      none: withoutWitness(subject.columns),
      'not-taught': await teach(beside),
      taught: await teach([...beside, ...changesOf(family, channels)]),
    }
    return await Promise.all(
      WITNESSES.map(async (witness) => ({
        witness,
        columns: columns[witness],
        reference: await columns[witness].of(subject.reference),
        unseen: await columns[witness].of(subject.unseen.features),
      })),
    )
  } finally {
    await detector.close()
  }
}

type Sets = { readonly clean: Measured; readonly changed: Measured; readonly change: Change }
type Own = Pick<FittedSubject, 'columns' | 'groups' | 'reference'>

function countAlarms(
  { maps, referencePlaces, labels }: FittedSubject,
  { columns, groups, reference, clean, changed, change }: Own & Sets,
  { seed, size, batches }: FamilyRequest,
): FamilyOutcome['alarms'] {
  const tested = groups.filter((group) => columns.some((column) => column.group === group))
  const test = productTest(reference, {
    columns,
    groups: [...tested, ...groups.filter((group) => group === 'place')],
    places: { maps, values: referencePlaces.values },
    level: LEVEL,
  })
  return SHARES.map((share) => {
    let alarms = 0
    for (let i = 0; i < batches; i++) {
      const own = seedOf('witness-power', change.name, share, seed, i)
      const batch = drawBatch(change, { clean, changed, labels }, { size, share, seed: own })
      if (test(batch.features, own, batch.places) <= LEVEL) alarms++
    }
    return { share, alarms }
  })
}

function takeDelays(
  own: Own,
  { clean, changed, change }: Sets,
  { seed, runs, falseAlarmEvery }: FamilyRequest,
): FamilyOutcome['delays'] {
  const reference = referenceOfGroups(own)
  const threshold = guaranteedThreshold(falseAlarmEvery)
  return SHARES.map((share) => ({
    share,
    delays: Array.from({ length: runs }, (_, run) => {
      const runSeed = seedOf('witness-delay', change.name, share, seed, run)
      const { test, state, take } = watch(reference, threshold, runSeed)
      const next = openDelayStream(
        { clean: clean.features, changed: changed.features },
        { share, seed: runSeed },
      )
      const step = (): void => {
        const all = next()
        take(Float32Array.from(reference.columns, (column) => all[column]))
      }
      for (let i = 0; i < BEFORE; i++) step()
      // A false alarm is left behind, whichever witness it is of.
      if (test.alarmed(state)) test.reset(state)
      let delay = 0
      while (delay < MOST && !test.alarmed(state)) {
        step()
        delay++
      }
      return delay
    }),
  }))
}
