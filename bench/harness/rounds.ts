import type { WorkerProcess } from '../../evaluation/harness/worker-process.ts'

/** A worker in the contest; `run` with a number of steps tells how long they took. */
export type Contestant = {
  readonly name: string
  readonly worker: Pick<WorkerProcess, 'ask'>
}

export type RoundsOptions = {
  readonly rounds: number
  /** Length of one turn, in seconds. */
  readonly turnSeconds: number
  readonly log: (line: string) => void
}

type Turn = { readonly seconds: number; readonly images: number }

/**
 * Images per second of each contestant in each round. They take turns, A B C A B C, so that
 * whatever else slows the machine slows them alike; a first turn sets the number of steps and warms up.
 */
export async function alternate(
  contestants: readonly Contestant[],
  { rounds, turnSeconds, log }: RoundsOptions,
): Promise<Map<string, number[]>> {
  const steps = new Map<string, number>()
  for (const { name, worker } of contestants) steps.set(name, await stepsFor(worker, turnSeconds))
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const { name, worker } of contestants) {
      const turn = await worker.ask<Turn>({ cmd: 'run', steps: steps.get(name) ?? 1 })
      rates.get(name)?.push(turn.images / turn.seconds)
    }
    const line = contestants.map(
      ({ name }) => `${name} ${Math.round(rates.get(name)?.at(-1) ?? 0)}`,
    )
    log(`round ${round}/${rounds}, images/s: ${line.join(' · ')}`)
  }
  return rates
}

/** Doubles the steps until a turn is long enough to tell their pace. */
async function stepsFor(worker: Contestant['worker'], turnSeconds: number): Promise<number> {
  for (let steps = 1; ; steps *= 2) {
    const { seconds } = await worker.ask<Turn>({ cmd: 'run', steps })
    if (seconds >= turnSeconds / 4) return Math.max(1, Math.round((steps * turnSeconds) / seconds))
  }
}
