import { peerScript } from '../../bench/harness/peers.ts'
import { openProcess } from '../harness/worker-process.ts'
import type { Watcher } from '../stream/watcher.ts'
import type { View } from '../window/view.ts'
import { encodeFloats } from './alibi-worker.ts'

/** alibi-detect's online detectors, by the statistic that they watch. */
export type OnlineStatistic = 'mmd' | 'lsdd' | 'cvm'

export type OnlineOptions = {
  readonly statistic: OnlineStatistic
  /** Sizes of the sliding windows; one but for `cvm`. */
  readonly windows: readonly number[]
  readonly falseAlarmEvery: number
  /** Simulations that its thresholds are found by. */
  readonly bootstraps: number
  readonly seed: number
}

export type OnlineWatcher = Watcher & {
  readonly version: string
  /** Images from one false alarm to the next that its own threshold is for: those asked for, or as many as its simulations reach. */
  readonly askedFor: number
}

/** Configures a detector in a process of its own, seconds to minutes; needs the Python environment `alibi`. */
export async function openOnlineWatcher(
  reference: View,
  options: OnlineOptions,
): Promise<OnlineWatcher> {
  const { statistic, windows, falseAlarmEvery, bootstraps, seed } = options
  const worker = await openProcess(peerScript('alibi', 'alibi_online.py'))
  const { askedFor } = await worker.ask<{ askedFor: number }>({
    cmd: 'open',
    method: statistic,
    rows: encodeFloats(reference.values),
    columns: reference.width,
    windows,
    falseAlarmEvery,
    bootstraps,
    seed,
  })
  return {
    version: worker.description.version,
    askedFor,
    strengths: async ({ values }, { alarmAt, from }) => {
      const request = {
        rows: encodeFloats(values),
        alarmAt: Number.isFinite(alarmAt) ? alarmAt : null,
        start: from,
      }
      const { strengths } = await worker.ask<{ strengths: number[] }>({
        cmd: 'strengths',
        ...request,
      })
      return strengths
    },
    close: worker.close,
  }
}
