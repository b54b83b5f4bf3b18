import type { View } from '../window/view.ts'

export type WatchOptions = {
  /** Strength that is an alarm: 1 at the threshold that the method has by itself. */
  readonly alarmAt: number
  /** Nothing is asked for after the first alarm from this row on, nor any strength before it but that of an alarm. */
  readonly from: number
  readonly seed: number
}

/** A method that looks at images one after the other. */
export type Watcher = {
  /** Of a peer, and the images from one false alarm to the next that its own threshold is for. */
  readonly version?: string
  readonly askedFor?: number
  /** How strong the evidence is after each row, 1 at the method's own threshold; an alarm makes it start anew. */
  strengths(rows: View, options: WatchOptions): Promise<ArrayLike<number>>
  close(): Promise<void>
}

/** Number of the first image from `from` on, counted from 0, after which there is an alarm. */
export function firstAlarm(
  strengths: ArrayLike<number>,
  alarmAt: number,
  from = 0,
): number | undefined {
  for (let i = from; i < strengths.length; i++) if (strengths[i] >= alarmAt) return i
  return undefined
}

/** False alarms of streams that are each left at their first alarm. */
export type AlarmCount = { readonly images: number; readonly alarms: number }

/** Counts them at a strength; images ÷ alarms is the likeliest mean time between alarms where they come at random. */
export function countAlarms(streams: readonly ArrayLike<number>[], alarmAt: number): AlarmCount {
  let [images, alarms] = [0, 0]
  for (const strengths of streams) {
    const first = firstAlarm(strengths, alarmAt)
    images += first === undefined ? strengths.length : first + 1
    if (first !== undefined) alarms++
  }
  return { images, alarms }
}

/** Far beyond what any method's own threshold is off by. */
const WIDEST = 1e6
const STEPS = 60

/** The least strength, to a thousandth of a percent, at which the streams alarm no more than once in so many images. */
export function alarmAtRate(streams: readonly ArrayLike<number>[], every: number): number {
  let [low, high] = [1 / WIDEST, WIDEST]
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(low * high)
    const { images, alarms } = countAlarms(streams, middle)
    if (images >= every * alarms) high = middle
    else low = middle
  }
  return high
}
