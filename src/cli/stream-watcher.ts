import type { Detector } from '../detector/index.ts'
import {
  type Evidence,
  type FamilyEvent,
  openStreamFamily,
  type StreamOptions,
} from '../judging/index.ts'
import type { Measurements } from '../measuring/index.ts'
import type { StreamEvent } from '../verdict/index.ts'

/** Flags that say how a stream is watched. */
export type WatcherFlags = {
  readonly falseAlarmEvery?: number | undefined
  readonly calibrated?: true | undefined
  readonly by?: string | undefined
  readonly seed?: number | undefined
}

/** One stream over all images, or one for each source too. */
export type Watcher = {
  readonly images: () => number
  readonly evidence: () => Evidence
  readonly falseAlarmEvery: number
  readonly take: (part: Measurements) => readonly (StreamEvent | FamilyEvent)[]
  readonly save: () => Uint8Array
  /** What is going on, by source. */
  readonly statuses: () => ReadonlyMap<string, string>
}

/** Opens what the flags ask for, or goes on from what was saved of it. */
export function openWatcher(detector: Detector, flags: WatcherFlags, saved?: Uint8Array): Watcher {
  const { falseAlarmEvery, calibrated, seed, by } = flags
  const options: StreamOptions = {
    falseAlarmEvery,
    seed,
    threshold: calibrated === true ? 'calibrated' : 'guaranteed',
  }
  if (by === undefined) {
    const stream = detector.stream(options, saved)
    return {
      images: () => stream.images,
      evidence: () => stream.evidence,
      falseAlarmEvery: stream.settings.falseAlarmEvery,
      take: (part) => stream.take(part),
      save: () => stream.save(),
      statuses: () => new Map([['', stream.status]]),
    }
  }
  const { baseline, manifest } = detector
  const family = openStreamFamily(baseline, manifest.policy, { by, ...options }, saved)
  return {
    images: () => family.images,
    evidence: () => family.evidence,
    falseAlarmEvery: family.falseAlarmEvery,
    take: (part) => family.take(part),
    save: () => family.save(),
    statuses: () => family.statuses,
  }
}
