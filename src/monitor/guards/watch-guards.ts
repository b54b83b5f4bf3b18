import { type Baseline, findRepeats, type Policy } from '../../judging/index.ts'
import type { Measurements } from '../../measuring/values/index.ts'
import { channelOrder } from './channel-order.ts'
import { constantFrame, greyscale, resized, valueRange, wrongShape } from './flags.ts'
import type { Guard, GuardName, Look, SeenImages } from './guard.ts'
import { createGuardReference, numbersOf } from './guard-reference.ts'
import { nearDuplicates, repeatedFrame } from './repeats.ts'
import { undecodable } from './undecodable.ts'

/** Those that explain others first. */
const GUARDS: readonly Guard[] = [
  undecodable,
  constantFrame,
  valueRange,
  repeatedFrame,
  nearDuplicates,
  wrongShape,
  resized,
  greyscale,
  channelOrder,
]

/** What is remembered of a source between images: plain data of a fixed size. */
export type GuardState = {
  /** Images that came, those that could not be read too. */
  readonly arrivals: number
  /** Of the last ones whether they could be read: `1`, or not: `0`; the last at the end. */
  readonly last: string
  readonly raised: readonly GuardName[]
  /** Of those that are raised for how many looks there was no more of it; none in states of before. */
  readonly calm?: { readonly [name in GuardName]?: number }
}

/** Something was found to be wrong, or no longer is. */
export type GuardTurn = {
  readonly name: GuardName
  readonly isRaised: boolean
  /** A sentence. */
  readonly summary: string
}

/** Guards of one detector. */
export type Guards = {
  /** Takes note of one image more; `recent` gives the last readable ones of its source, this one too, so many at most. */
  arrive(
    state: GuardState,
    isRead: boolean,
    recent: (most: number) => Measurements,
  ): { readonly state: GuardState; readonly turns: readonly GuardTurn[] }
}

/** Before the first image. */
export const NO_GUARD_STATE: GuardState = { arrivals: 0, last: '', raised: [] }

/** Images that are looked at together, the fewest, and after how many new ones. */
const LOOKED_AT = 50
const FEWEST = 20
const EVERY = 10
/** Of what needs more images, and after how many new ones: to recall them takes its time. */
const MANY = 300
const OFTEN_ENOUGH = 100

/** Prepares all guards for the reference of a detector. */
export function createGuards(baseline: Baseline, policy: Policy): Guards {
  const reference = createGuardReference(baseline, policy)
  const looks = GUARDS.map((guard) => ({ guard, look: guard.prepare(reference) }))
  return {
    arrive: (before, isRead, recent) => {
      const arrivals = before.arrivals + 1
      const last = `${before.last}${isRead ? '1' : '0'}`.slice(-LOOKED_AT)
      const state = { ...before, arrivals, last }
      if (arrivals < FEWEST || arrivals % EVERY !== 0) return { state, turns: [] }
      const images = recent(last.replaceAll('0', '').length)
      const seen: SeenImages = {
        numbers: numbersOf(images),
        many: arrivals % OFTEN_ENOUGH === 0 ? numbersOf(recent(MANY)) : [],
        arrivals: last.length,
        unread: last.replaceAll('1', '').length,
        repeats: repeatsOf(images, baseline, policy),
      }
      const { turns, calm } = turnsOf(looks, seen, state)
      return { state: { ...state, raised: raisedAfter(state.raised, turns), calm }, turns }
    },
  }
}

function repeatsOf(images: Measurements, baseline: Baseline, policy: Policy) {
  if (images.images.length === 0) return undefined
  const { repeats } = findRepeats(images, baseline, policy)
  return repeats?.areMany === true ? repeats : undefined
}

function turnsOf(
  looks: readonly { readonly guard: Guard; readonly look: Look }[],
  seen: SeenImages,
  { raised, calm: before = {} }: GuardState,
): { readonly turns: readonly GuardTurn[]; readonly calm: NonNullable<GuardState['calm']> } {
  const explained = new Set<GuardName>()
  const calm: { [name in GuardName]?: number } = {}
  const turns = looks.flatMap(({ guard, look }) => {
    const { name, raisedFrom, overBelow, calmLooks = 1, explains = [] } = guard
    const wasRaised = raised.includes(name)
    if (explained.has(name) && !wasRaised) return []
    const { share, summary } = look(seen, wasRaised)
    if (share >= overBelow) for (const one of explains) explained.add(one)
    const isThere = share >= (wasRaised ? overBelow : raisedFrom)
    const calmFor = wasRaised && !isThere ? (before[name] ?? 0) + 1 : 0
    const isRaised = isThere || (wasRaised && calmFor < calmLooks)
    if (isRaised && calmFor > 0) calm[name] = calmFor
    if (isRaised === wasRaised) return []
    return [{ name, isRaised, summary: isRaised ? summary : OVER }]
  })
  return { turns, calm }
}

const OVER = 'It is over: the last images show no more of it.'

function raisedAfter(raised: readonly GuardName[], turns: readonly GuardTurn[]): GuardName[] {
  const over = new Set(turns.flatMap(({ name, isRaised }) => (isRaised ? [] : [name])))
  const now = turns.flatMap(({ name, isRaised }) => (isRaised ? [name] : []))
  return [...raised.filter((name) => !over.has(name)), ...now]
}
