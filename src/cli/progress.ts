/** Writes one line that replaces itself on a terminal, and nothing into a pipe. */
export type ProgressLine = {
  update(text: string): void
  clear(): void
}

/** A stream that progress is written to. */
export type ProgressTarget = {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** Milliseconds between two drawings. */
const INTERVAL_MS = 100

/** A progress line on `target`; `now` gives milliseconds. */
export function createProgressLine(target: ProgressTarget, now: () => number): ProgressLine {
  if (target.isTTY !== true) return { update: () => {}, clear: () => {} }
  let last = Number.NEGATIVE_INFINITY
  return {
    update: (text) => {
      const time = now()
      if (time - last < INTERVAL_MS) return
      last = time
      target.write(`\r\u001b[2K${text.slice(0, (target.columns || 80) - 1)}`)
    },
    clear: () => target.write('\r\u001b[2K'),
  }
}

/** `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Images per second and time left of one stage, from when it began. */
export function createRate(
  now: () => number,
): (stage: string, done: number, total: number) => string {
  let stage = ''
  let start = 0
  let first = 0
  return (current, done, total) => {
    const time = now()
    if (current !== stage) {
      stage = current
      start = time
      first = done
    }
    const elapsed = time - start
    if (elapsed < 500 || done <= first) return ''
    const perSecond = (1000 * (done - first)) / elapsed
    const rate = `${Math.round(perSecond)} images/s`
    return total > done
      ? `${rate}, ${formatDuration((1000 * (total - done)) / perSecond)} left`
      : rate
  }
}

/** The progress line of work on images: `verb` is what was done to them, `stage` what is being done. */
export function createImageProgress(
  { err, now }: { readonly err: ProgressTarget; readonly now: () => number },
  { verb, stage, total }: { readonly verb: string; readonly stage: string; readonly total: number },
): { readonly update: (done: number) => void; readonly clear: () => void } {
  const line = createProgressLine(err, now)
  const rate = createRate(now)
  return {
    update: (done) => {
      const words = [`${verb} ${done} images`, rate(stage, done, total)]
      line.update(words.filter((word) => word !== '').join(' · '))
    },
    clear: () => line.clear(),
  }
}
