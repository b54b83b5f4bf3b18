/** A line about how far a run is; rewritten in place on a terminal, at most every ten seconds elsewhere. */
export type Progress = {
  /** A unit of work was finished. */
  readonly advance: (what: string) => void
  /** A line that stays. */
  readonly log: (line: string) => void
  readonly end: () => void
}

export type ProgressOptions = {
  readonly total: number
  /** Units finished before this run. */
  readonly alreadyDone?: number
  readonly stream?: NodeJS.WriteStream
  /** Milliseconds. Default `performance.now`. */
  readonly clock?: () => number
}

const QUIET_MS = 10_000

/** Reports `done/total`, what was finished last, and the time left at the pace so far. */
export function openProgress({
  total,
  alreadyDone = 0,
  stream = process.stderr,
  clock = () => performance.now(),
}: ProgressOptions): Progress {
  const started = clock()
  const isTerminal = stream.isTTY
  let done = alreadyDone
  let shown = Number.NEGATIVE_INFINITY
  const clear = (): void => {
    if (isTerminal) stream.write('\r\u001b[K')
  }
  return {
    advance: (what) => {
      done++
      const now = clock()
      if (!isTerminal && now - shown < QUIET_MS && done < total) return
      shown = now
      const pace = (now - started) / (done - alreadyDone)
      const left =
        done < total ? `, about ${formatDuration((pace * (total - done)) / 1000)} left` : ''
      clear()
      stream.write(`${done}/${total}${left} (${what})${isTerminal ? '' : '\n'}`)
    },
    log: (line) => {
      clear()
      stream.write(`${line}\n`)
    },
    end: clear,
  }
}

/** `12 s`, `3 min 5 s` or `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
