import { type WorkerProcess, openProcess } from '../../evaluation/harness/worker-process.ts'
import { fastest, ratioOf, type Spread, spreadOf } from './ratios.ts'
import { alternate, type RoundsOptions } from './rounds.ts'
import type { BenchContext } from './topic.ts'

/** A worker to start: its name in the figures and its command line. */
export type Entrant = {
  readonly name: string
  readonly command: readonly string[]
}

/** What a contest found. */
export type ContestResult = {
  readonly rates: ReadonlyMap<string, readonly number[]>
  /** By name, as the workers describe themselves. */
  readonly versions: Readonly<Record<string, string>>
}

/** Starts all entrants, lets them take turns, and ends them. */
export async function runContest(
  entrants: readonly Entrant[],
  options: Omit<RoundsOptions, 'log'>,
  { log, signal }: BenchContext,
): Promise<ContestResult> {
  const workers: WorkerProcess[] = []
  try {
    for (const { name, command } of entrants) {
      log(`starting ${name}`)
      workers.push(await openProcess(command, { signal }))
    }
    const contestants = entrants.map(({ name }, i) => ({ name, worker: workers[i] }))
    const rates = await alternate(contestants, { ...options, log })
    const versions = entrants.map(({ name }, i) => [name, workers[i].description.version])
    return { rates, versions: Object.fromEntries(versions) as Record<string, string> }
  } finally {
    await Promise.all(workers.map((worker) => worker.close()))
  }
}

/** Spread of every contestant's images per second. */
export function ratesOf({ rates }: ContestResult): Record<string, Spread> {
  return Object.fromEntries([...rates].map(([name, values]) => [name, spreadOf(values)]))
}

/** Medians of our pace as a multiple of the fastest of each list of peers, round by round, with their spreads. */
export function ratiosTo<Name extends string>(
  { rates }: ContestResult,
  ours: string,
  peers: Readonly<Record<Name, readonly string[]>>,
): Record<Name, number> & { readonly spreads: Record<Name, Spread & { readonly peer: string }> } {
  const spreads = Object.entries<readonly string[]>(peers).map(([name, names]) => {
    const peer = fastest(rates, names)
    return [name, { ...ratioOf(rates.get(ours) ?? [], rates.get(peer) ?? []), peer }] as const
  })
  const medians = spreads.map(([name, { median }]) => [name, median])
  return { ...Object.fromEntries(medians), spreads: Object.fromEntries(spreads) } as ReturnType<
    typeof ratiosTo<Name>
  >
}
