import { mapStatistic } from '../../statistics/index.ts'
import type { ChangePoint, PlaceEvidence, StreamEvent } from '../../verdict/index.ts'
import {
  forgetBets,
  imagesBefore,
  judgeSince,
  normalBets,
  placeOf,
  type Watch,
} from './explain-change.ts'
import type { PlaceReference } from './stream-reference.ts'

/** A change that maps of the frame show. */
export type FoundPlaces = {
  /** Which of the tests found it. */
  readonly test: number
  /** Maps, strongest first, at least one. */
  readonly carriers: readonly PlaceCarrier[]
}

type PlaceCarrier = {
  readonly map: number
  /** Its evidence in units of what alarms. */
  readonly strength: number
  /** The chance that any map shows so much within a stretch while nothing changes, at most. */
  readonly pValue: number
}

/** The strongest evidence of a change at fixed places, in units of what alarms; 0 where none are watched. */
export function strongestPlace({ tests, state }: Watch): number {
  return tests.places.reduce(
    (most, { change }, i) => Math.max(most, ...change.strengths(state.places[i])),
    0,
  )
}

/**
 * Moves the tests of places by an image that shows so much at each of them; while a change goes on, the one test that
 * found it, to see whether it is over. Stretches are of neighbours: an image without places ends them.
 */
export function movePlaces({ tests, state }: Watch, places: Int8Array | undefined): void {
  if (state.status === 'watching') {
    tests.places.forEach(({ change }, i) => {
      if (places === undefined) change.restart(state.places[i])
      else change.update(state.places[i], places)
    })
    return
  }
  const by = state.open?.places
  if (by !== undefined && places !== undefined) {
    tests.places[by].change.look(state.places[by], places)
  }
}

/** The first test that is sure of a change; undefined where none is. */
export function findPlaces({ tests, state }: Watch, clear: number): FoundPlaces | undefined {
  const test = tests.places.findIndex(({ change }, i) => change.alarmed(state.places[i]))
  if (test < 0) return undefined
  const { change } = tests.places[test]
  const pValues = change.pValues(state.places[test])
  const carriers = Array.from(
    change.strengths(state.places[test]),
    (strength, map): PlaceCarrier => ({ map, strength, pValue: pValues[map] }),
  )
    .toSorted((first, second) => second.strength - first.strength)
    .filter(({ strength }, i) => i === 0 || strength > clear)
  return { test, carriers }
}

/** Stretches from this length on show what is slow. */
const SLOW = 4096

/** Takes the changed images out of what is normal, and says since when, where in the frame and what changed. */
export function explainPlaces(
  watch: Watch,
  { test, carriers }: FoundPlaces,
): Extract<StreamEvent, { readonly kind: 'drift' }> {
  const { state, tests, reference } = watch
  const { maps } = reference.places as PlaceReference
  const { change } = tests.places[test]
  const since = changePoint(watch, { test, carriers })
  change.sharpen(state.places[test])
  forgetBets(
    watch,
    normalBets(watch).filter(({ number }) => number >= since.number - 1),
  )
  return {
    kind: 'drift',
    pace: change.length < SLOW ? 'sudden' : 'slow',
    at: placeOf(state, state.images - 1),
    since,
    carriers: carriers.map(({ map, strength }) => ({
      name: maps[map].name,
      group: 'place',
      strength,
    })),
    judgement: judgeSince(watch, since.number - 1),
    places: carriers.map((carrier) => placeEvidence(watch, test, carrier)),
    before: imagesBefore(state, since.from - 1),
  }
}

/** Between the first image of the stretch that showed the places and the best start within the one that made it sure. */
function changePoint({ state, tests }: Watch, { test, carriers }: FoundPlaces): ChangePoint {
  const { length, ...own } = tests.places[test].change
  const { rows, before } = own.changePoint(state.places[test], carriers[0].map)
  const first = state.images - rows
  const [from, to] = [first - length, first + before]
  // Nothing says where between: what was learned there is of the stretch as a whole.
  const number = Math.floor((from + to) / 2)
  return { ...placeOf(state, number), from: from + 1, to: to + 1 }
}

// oxlint-disable-next-line eslint/max-params -- three values
function placeEvidence(
  { state, reference }: Watch,
  test: number,
  { map, pValue }: PlaceCarrier,
): PlaceEvidence {
  const { maps, ranges } = reference.places as PlaceReference
  const { differences } = state.places[test].learned
  const { start, end } = ranges[map]
  const { name, title, rows, columns } = maps[map]
  return {
    name,
    title,
    rows,
    columns,
    statistic: mapStatistic(differences, ranges[map]),
    pValue: pValue / maps.length,
    adjustedPValue: pValue,
    differences: Array.from(differences.subarray(start, end), (one) => Math.round(100 * one) / 100),
  }
}
