import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { wilsonInterval } from '../../src/statistics/index.ts'
import { describeChange, type Explanation } from './explained.ts'
import type { Judged } from './judge-mutant.ts'

/** What is stored of a run: `test/mutants/<name>.json`. */
export type Figures = {
  readonly name: string
  /** With `+` where files had changed since. */
  readonly commit: string
  readonly mutants: number
  /** Fewer than `mutants` in a sample; `seed` drew it. */
  readonly judged: number
  readonly seed?: number
  /** Where not all tests of the rooms were run; what they kill is then at least as much. */
  readonly tests?: string
  readonly killed: number
  /** Among the killed: never ended, see `judgeMutant`. */
  readonly timedOut: number
  /** Survivors that `test/mutants/explained/` gives a reason for. */
  readonly explained: number
  readonly killedShare: number
  /** 95% interval of that share over all mutants, where only a sample was judged. */
  readonly interval?: readonly [number, number]
  readonly survivors: readonly (Explanation & { readonly covered: boolean })[]
}

/** Counts, and lists every survivor with its reason. */
export function summarise(
  judged: readonly Judged[],
  {
    name,
    mutants,
    seed,
    tests,
    explanations,
  }: {
    readonly name: string
    readonly mutants: number
    readonly seed: number
    readonly tests: string | undefined
    readonly explanations: ReadonlyMap<string, Explanation>
  },
): Figures {
  const isKilled = ({ fate }: Judged) => fate === 'killed' || fate === 'timed out'
  const survivors = judged
    .filter((each) => !isKilled(each))
    .map(({ mutant, fate }) => {
      const { id, path, line } = mutant
      return {
        id,
        at: `${path}:${line}`,
        change: describeChange(mutant),
        reason: explanations.get(id)?.reason ?? '',
        covered: fate !== 'uncovered',
      }
    })
  const killed = judged.length - survivors.length
  const { low, high } = wilsonInterval(killed, judged.length)
  const round = (share: number) => Math.round(share * 1000) / 1000
  return {
    name,
    commit: currentCommit(),
    mutants,
    judged: judged.length,
    ...(judged.length < mutants ? { seed } : {}),
    ...(tests === undefined ? {} : { tests }),
    killed,
    timedOut: judged.filter(({ fate }) => fate === 'timed out').length,
    explained: survivors.filter(({ reason }) => reason !== '').length,
    killedShare: round(killed / judged.length),
    ...(judged.length < mutants ? { interval: [round(low), round(high)] as const } : {}),
    survivors,
  }
}

const pathOf = (name: string): string => `test/mutants/${name}.json`

/** Stores the figures of a run. */
export function storeFigures(figures: Figures): void {
  mkdirSync('test/mutants', { recursive: true })
  writeFileSync(pathOf(figures.name), `${JSON.stringify(figures, null, 2)}\n`)
}

/** The figures of the last run of that name. */
export function readFigures(name: string): Figures {
  return JSON.parse(readFileSync(pathOf(name), 'utf8')) as Figures
}

/** The last line of a run. */
export function figuresLine({
  judged,
  mutants,
  killed,
  timedOut,
  explained,
  interval,
  survivors,
}: Figures): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`
  const within =
    interval === undefined ? '' : ` (95% interval ${interval.map(percent).join(' to ')})`
  const open = survivors.length - explained
  return [
    `${killed} of ${judged} killed, ${percent(killed / judged)}${within}`,
    ...(judged < mutants ? [`a sample of ${mutants}`] : []),
    `${timedOut} of them by time`,
    `${explained} survivors explained, ${open} not`,
  ].join('; ')
}

function currentCommit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim()
  // Figures of other runs change nothing that is judged.
  const judged = ['--', '.', ':(exclude,glob)test/mutants/*.json']
  const changed = git('status', '--porcelain', '--untracked-files=no', ...judged) !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`
}
