import type { Store } from '../store/index.ts'
import type { WatchedMonitor } from '../watching/index.ts'

/** Of one transaction, so that nobody waits long for it. */
const TOGETHER = 500
const DAY_MS = 24 * 3600 * 1000

const KEPT = [
  { of: 'image_bytes', where: 'originals' },
  { of: 'thumbnails', where: 'thumbnails' },
] as const

/** Drops what a monitor need not keep any longer. */
export async function prune(
  { id, settings }: WatchedMonitor,
  {
    store,
    now,
    keepNames,
  }: {
    readonly store: Store
    readonly now: number
    /** Its files may still lie in a watched folder: they are not to be taken again. */
    readonly keepNames: boolean
  },
): Promise<void> {
  const { keep, keepImages, keepDays } = settings
  const before = now - keepDays * DAY_MS
  for (const { of, where } of KEPT) {
    const most = { keep: keep === where ? keepImages : 0, most: TOGETHER }
    await untilNone(() =>
      store.within(({ retention }) => retention.dropBytes({ monitor: id, of, ...most })),
    )
  }
  await untilNone(() =>
    store.within(({ retention }) =>
      retention.dropImages({ monitor: id, before, most: TOGETHER, keepNames }),
    ),
  )
  await untilNone(() =>
    store.within(({ retention }) => retention.dropWaiting({ monitor: id, before, most: TOGETHER })),
  )
}

async function untilNone(drop: () => Promise<number>): Promise<void> {
  while ((await drop()) === TOGETHER);
}
