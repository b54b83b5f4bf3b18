import type { ProgressTarget } from './progress.ts'

/** What a command works with: its streams, a clock, and the signal that Ctrl-C raises. */
export type CommandContext = {
  readonly out: {
    readonly isTTY?: boolean | undefined
    readonly columns?: number | undefined
    write(text: string): unknown
  }
  readonly err: ProgressTarget
  /** Milliseconds, to measure with. */
  readonly now: () => number
  /** What files and verdicts are dated by. */
  readonly wallClock: () => Date
  readonly signal: AbortSignal
  /** Secrets, and where the service's database is. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Colours are wanted on `out`. */
  readonly color: boolean
}

/** Exit codes: grep's, and the shell's 128 + signal number for a run that was stopped. */
export const EXIT = { noDrift: 0, drift: 1, error: 2, interrupted: 130, terminated: 143 } as const

/** What a command may end with of itself. */
export type ExitCode = (typeof EXIT)['noDrift' | 'drift' | 'error']
