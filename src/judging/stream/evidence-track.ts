/** The evidence of a stream over its whole length, in memory of a fixed size. */
export type EvidenceTrack = {
  /** Bets of one point, whole points, bets of the point that is not whole yet. */
  readonly numbers: Float64Array
  /** Strongest evidence within each point, in units of what alarms; the last may not be whole. */
  readonly peaks: Float32Array
}

/** Points of a track; where they are full, two become one. */
export const TRACK_POINTS = 512

const [EVERY, WHOLE, OPEN] = [0, 1, 2]

/** Of a stream that has seen nothing. */
export function noTrack(): EvidenceTrack {
  return { numbers: Float64Array.of(1, 0, 0), peaks: new Float32Array(TRACK_POINTS) }
}

/** Takes the evidence after one more bet. */
export function follow({ numbers, peaks }: EvidenceTrack, evidence: number): void {
  if (numbers[WHOLE] === TRACK_POINTS) {
    for (let i = 0; i < TRACK_POINTS / 2; i++) peaks[i] = Math.max(peaks[2 * i], peaks[2 * i + 1])
    peaks.fill(0, TRACK_POINTS / 2)
    numbers[EVERY] *= 2
    numbers[WHOLE] /= 2
  }
  const at = numbers[WHOLE]
  peaks[at] = Math.max(peaks[at], evidence)
  if (++numbers[OPEN] < numbers[EVERY]) return
  numbers[OPEN] = 0
  numbers[WHOLE]++
}

/** What a track shows. */
export type Evidence = {
  /** Bets (images, or blocks of them) that each number stands for; the last may stand for fewer. */
  readonly every: number
  /** The strongest evidence in each, in units of what alarms. */
  readonly peaks: readonly number[]
}

/** The points so far. */
export function evidenceOf({ numbers, peaks }: EvidenceTrack): Evidence {
  const points = numbers[WHOLE] + (numbers[OPEN] > 0 ? 1 : 0)
  return { every: numbers[EVERY], peaks: Array.from(peaks.subarray(0, points)) }
}
