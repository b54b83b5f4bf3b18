import { fitDetectionCurve, strengthFound } from '../../statistics/index.ts'
import type { ImageRows } from './batch-alarm.ts'
import type {
  RehearsalTrial,
  RehearsalWatch,
  RehearsedChange,
  SmallestFound,
} from '../../verdict/index.ts'
import type { InjectedRuns } from './injected-runs.ts'
import type { RehearsalSettings } from './rehearsal-settings.ts'

/** A kind of change, its strengths from the weakest to the strongest, and how images measure at one. */
export type ChangeToRehearse = {
  readonly name: string
  readonly title: string
  readonly scale: RehearsedChange['scale']
  readonly from: number
  readonly to: number
  /** Rows × columns; asked for again and again. */
  readonly measureAt: (strength: number) => Promise<ImageRows>
}

/** What is to be found: nine of ten. */
export const FOUND = 0.9

/** Strengths tried at first, evenly by their logarithms, and how finely the way from one to the next is divided. */
const STEPS = 8
const PARTS = 8
/** Found so rarely at two strengths one after the other, weaker ones need not be tried. */
const HARDLY = 0.15
/** As many runs where it decides. */
const AGAIN = 2

/** Finds the smallest strength that is found in nine of ten runs, for each share of changed images and way of watching. */
export async function rehearseChange(
  { measureAt, from, to, ...described }: ChangeToRehearse,
  runs: InjectedRuns,
  { shares, runs: each, seed }: RehearsalSettings,
): Promise<RehearsedChange> {
  const last = (STEPS - 1) * PARTS
  const watched = shares.map((share) => ({
    share,
    stream: { share, way: 'stream', tried: new Map() } satisfies Target,
    batches: { share, way: 'batches', tried: new Map() } satisfies Target,
  }))
  const targets: readonly Target[] = watched.flatMap(({ stream, batches }) => [stream, batches])
  let draws = 0
  const tryOut = async ({ share, way, tried }: Target, place: number, times: number) => {
    const strength = from * (to / from) ** (place / last)
    const changed = await measureAt(strength)
    draws++
    tried.set(
      place,
      runs[way]({ strength, share, changed, runs: times, seed: seed + 7919 * draws }),
    )
  }
  for (let place = last; place >= 0; place -= PARTS) {
    for (const target of targets) {
      if (!isLost(target)) await tryOut(target, place, each)
    }
  }
  for (const target of targets) {
    for (let next = between(target); next !== undefined; next = between(target)) {
      await tryOut(target, next, AGAIN * each)
    }
  }
  return {
    ...described,
    shares: watched.map(({ share, stream, batches }) => ({
      share,
      stream: watchOf(stream),
      batches: watchOf(batches),
    })),
  }
}

/** Places on the way from the weakest strength to the strongest, and what was found there. */
type Target = {
  readonly share: number
  readonly way: 'stream' | 'batches'
  readonly tried: Map<number, RehearsalTrial>
}

/** What was tried, strongest first. */
const inOrder = ({ tried }: Target) => [...tried].toSorted(([a], [b]) => b - a)

const isFound = ({ found, runs }: RehearsalTrial): boolean => found >= FOUND * runs

function isLost(target: Target): boolean {
  const weakest = inOrder(target).slice(-2)
  return weakest.length === 2 && weakest.every(([, { found, runs }]) => found <= HARDLY * runs)
}

/** The place halfway between the weakest that is found, as all stronger ones are, and the next weaker one. */
function between(target: Target): number | undefined {
  const places = inOrder(target)
  const below = places.findIndex(([, trial]) => !isFound(trial))
  if (below <= 0) return undefined
  const [[high], [low]] = [places[below - 1], places[below]]
  return high - low < 2 ? undefined : Math.floor((high + low) / 2)
}

function watchOf(target: Target): RehearsalWatch {
  const trials = inOrder(target).map(([, trial]) => trial)
  const smallest = smallestOf(target)
  const near = trials.toSorted(
    (a, b) => distance(a.strength, smallest.strength) - distance(b.strength, smallest.strength),
  )
  return { smallest, images: smallest.kind === 'never' ? null : near[0].images, trials }
}

const distance = (a: number, b: number): number => Math.abs(Math.log(a / b))

function smallestOf(target: Target): SmallestFound {
  const places = inOrder(target)
  const below = places.findIndex(([, trial]) => !isFound(trial))
  if (below < 0) return { kind: 'always', strength: places[places.length - 1][1].strength }
  const [place, { strength, found, runs }] = places[below]
  if (below === 0) return { kind: 'never', strength, share: found / runs }
  // Far from it the curve need not be a logistic one.
  const near = places.filter(([other]) => Math.abs(other - place) <= PARTS)
  const curve = fitDetectionCurve(near.map(([, trial]) => trial))
  const [, weakest] = places[below - 1]
  if (curve === undefined) {
    return { kind: 'found', strength: weakest.strength, from: strength, to: weakest.strength }
  }
  return { kind: 'found', ...strengthFound(curve, FOUND) }
}
