import { chanceFound, fitDetectionCurve, strengthFound } from '../../statistics/index.ts'
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
  readonly measureAt: (strength: number) => Promise<Float32Array>
}

/** What is to be found: nine of ten. */
export const FOUND = 0.9

/** Strengths tried at first, evenly by their logarithms. */
const STEPS = 8
/** Found so rarely at two strengths one after the other, weaker ones need not be tried. */
const HARDLY = 0.15
/** More runs at the strengths on either side of the one that is named. */
const AGAIN = 2

const WAYS = ['stream', 'batches'] as const

/** Finds the smallest strength that is found in nine of ten runs, for each share of changed images and way of watching. */
export async function rehearseChange(
  { measureAt, from, to, ...described }: ChangeToRehearse,
  runs: InjectedRuns,
  { shares, runs: each, seed }: RehearsalSettings,
): Promise<RehearsedChange> {
  const targets = shares.flatMap((share) =>
    WAYS.map((way) => ({ share, way, trials: [] as RehearsalTrial[] })),
  )
  let draws = 0
  const tryOut = async ({ share, way }: Target, strength: number, times: number) =>
    runs[way]({
      strength,
      share,
      changed: await measureAt(strength),
      runs: times,
      seed: seed + 7919 * ++draws,
    })
  for (let step = STEPS - 1; step >= 0; step--) {
    const strength = from * (to / from) ** (step / (STEPS - 1))
    for (const target of targets) {
      if (isLost(target.trials)) continue
      target.trials.push(await tryOut(target, strength, each))
    }
  }
  for (const target of targets) {
    for (const i of aroundNamed(target.trials)) {
      const { [i]: before } = target.trials
      target.trials[i] = together(before, await tryOut(target, before.strength, AGAIN * each))
    }
  }
  return {
    ...described,
    shares: shares.map((share) => {
      const [stream, batches] = WAYS.map((way) => {
        const found = targets.find((target) => target.share === share && target.way === way)
        return watchOf(found?.trials ?? [])
      })
      return { share, stream, batches }
    }),
  }
}

type Target = { readonly share: number; readonly way: (typeof WAYS)[number] }

function isLost(trials: readonly RehearsalTrial[]): boolean {
  const last = trials.slice(-2)
  return last.length === 2 && last.every(({ found, runs }) => found <= HARDLY * runs)
}

/** Places of the strengths on either side of the one that is found in nine of ten. */
function aroundNamed(trials: readonly RehearsalTrial[]): number[] {
  const curve = fitDetectionCurve(trials)
  if (curve === undefined) return []
  const below = trials.findIndex(({ strength }) => chanceFound(curve, strength) < FOUND)
  return [below - 1, below].filter((i) => i >= 0 && i < trials.length)
}

function together(first: RehearsalTrial, second: RehearsalTrial): RehearsalTrial {
  return {
    ...second,
    runs: first.runs + second.runs,
    found: first.found + second.found,
  }
}

function watchOf(trials: readonly RehearsalTrial[]): RehearsalWatch {
  const smallest = smallestOf(trials)
  const near = trials.toSorted(
    (a, b) => distance(a.strength, smallest.strength) - distance(b.strength, smallest.strength),
  )
  return { smallest, images: smallest.kind === 'never' ? null : near[0].images, trials }
}

const distance = (a: number, b: number): number => Math.abs(Math.log(a / b))

function smallestOf(trials: readonly RehearsalTrial[]): SmallestFound {
  const [strongest] = trials
  const weakest = trials.at(-1) ?? strongest
  const curve = fitDetectionCurve(trials)
  const chance = (trial: RehearsalTrial): number =>
    curve === undefined ? trial.found / trial.runs : chanceFound(curve, trial.strength)
  if (chance(strongest) < FOUND) {
    return {
      kind: 'never',
      strength: strongest.strength,
      share: strongest.found / strongest.runs,
    }
  }
  if (curve === undefined || chance(weakest) >= FOUND) {
    return { kind: 'always', strength: weakest.strength }
  }
  return { kind: 'found', ...strengthFound(curve, FOUND) }
}
