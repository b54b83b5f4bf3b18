import { readFile } from 'node:fs/promises'
import { loadDetector } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import type { Config } from './config.ts'
import type { DetectorFacts, Store } from './store/index.ts'
import { type MonitorSettings, readMonitor } from './watching/index.ts'

/** A detector, by its id, and what is known of it. */
export type InspectedDetector = { readonly id: string; readonly facts: DetectorFacts }

/** Looks into a detector, a file or its bytes; throws DriftError where it is none. */
export async function inspectDetector(source: string | Uint8Array): Promise<InspectedDetector> {
  await using detector = await loadDetector(source, { threads: 1 })
  const { id, fittedAt, classNames } = detector.manifest
  const times = (detector.baseline.records ?? []).flatMap(({ timestamp = '' }) => {
    const time = Date.parse(timestamp)
    return Number.isNaN(time) ? [] : [time]
  })
  const last = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY)
  const referenceUntil = times.length === 0 ? undefined : new Date(last).toISOString()
  return { id, facts: { fittedAt, classNames, referenceUntil } }
}

/** Looks into those detectors that an older version added. */
export async function describeDetectors({ monitors }: Store): Promise<void> {
  for (const { id } of await monitors.detectors()) {
    if ((await monitors.detectorFacts(id)) !== undefined) continue
    const artifact = await monitors.artifact(id)
    if (artifact === undefined) continue
    await monitors.describeDetector(id, (await inspectDetector(artifact)).facts)
  }
}

/** Adds the monitors of a configuration that are not there yet; throws DriftError where one is there that watches otherwise. */
export async function addMonitors({ monitors }: Config, store: Store, now: number): Promise<void> {
  for (const { id, detector: path, settings } of monitors) {
    const artifact = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new DriftError(
        'source.unreadable',
        `expected a detector in ${path}, got ${cause.code}`,
        {
          cause,
          hint: 'Fit one first: npx pixeldrift fit training-images/ --out detector.pixeldrift',
        },
      )
    })
    // By its path, so that what is wrong with it is said of that file.
    const { id: detector, facts } = await inspectDetector(path)
    await store.within(async (tables) => {
      await tables.monitors.addDetector({ id: detector, artifact, at: now, facts })
      const stored = JSON.stringify(settings)
      const isNew = await tables.monitors.add({ id, detector, settings: stored, createdAt: now })
      const there = await tables.monitors.byId(id)
      if (isNew || there === undefined) return
      requireSame({ id, detector, settings }, readMonitor(there))
      await tables.monitors.changeSettings(id, stored)
    })
  }
}

type Described = {
  readonly id: string
  readonly detector: string
  readonly settings: MonitorSettings
}

/** What the streams and windows so far belong to. */
const FIXED = ['falseAlarmEvery', 'threshold', 'seed', 'windowSize'] as const

function requireSame(wanted: Described, there: Described): void {
  const { id } = wanted
  const hint = `A monitor stays what it was begun as. Give the other one another name.`
  if (wanted.detector !== there.detector) {
    const message = `expected the detector that ${id} was begun with, ${there.detector}, got ${wanted.detector}`
    throw new DriftError('config.invalid', message, { hint })
  }
  for (const name of FIXED) {
    const [own, other] = [wanted.settings[name], there.settings[name]]
    if (own === other) continue
    const message = `expected ${name} as ${id} was begun with, ${other}, got ${own}`
    throw new DriftError('config.invalid', message, { hint })
  }
}
