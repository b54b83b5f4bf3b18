import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../../src/tensor/index.ts'
import {
  type RunningService,
  runService,
  type Sent,
  sendUntilAcknowledged,
} from './running-service.ts'
import type { Place, Victim } from './place.ts'
import { readTold, type Told } from './told.ts'
import { strike } from './strike.ts'

/** A service, its images, and how often it is killed. */
export type KillRun = {
  readonly place: Place
  readonly folder: string
  readonly detector: string
  readonly files: readonly {
    readonly name: string
    readonly source: string
    readonly bytes: Uint8Array
  }[]
  readonly kills: number
  readonly victim: Victim
  readonly seed: number
  /** Images of one request. */
  readonly together: number
  readonly log: (line: string) => void
}

/** What came of it. */
export type KillOutcome = Sent & {
  readonly told: Told
  readonly kills: number
  /** Messages that came to the webhook, and how many of different ids. */
  readonly delivered: number
  readonly deliveredOnce: number
  readonly said: readonly string[]
}

/** A service that starts takes so long; it is killed at any moment of it, and as long after. */
const LONGEST_LIFE_MS = 4000

/** Looks without a process in a row. */
const MOST_IDLE = 10

/** Sends all images while services are killed, and reads what was found in the end. */
export async function killRun(run: KillRun): Promise<KillOutcome> {
  const { place, folder, detector, files, victim, together } = run
  const { location } = place
  await mkdir(folder, { recursive: true })
  const webhook = await openWebhook()
  const config = join(folder, 'config.yaml')
  await writeFile(
    config,
    JSON.stringify({
      ...('folder' in location ? { data: location.folder } : { database: location.postgres }),
      processes: 1,
      allowPrivateWebhooks: true,
      channels: [{ kind: 'webhook', name: 'hook', url: webhook.url }],
      monitors: [{ detector, settings: { windowSize: 250, falseAlarmEvery: 10_000 } }],
    }),
  )
  const services = Array.from({ length: victim === 'replica' ? 2 : 1 }, () => runService(config))
  // One that starts while there is no database or no room says so, and ends.
  const keeping = setInterval(() => services.forEach((service) => service.startIfEnded()), 300)
  // The last kills come while images are counted that were sent long before.
  const progress = { turns: 0, isSent: false }
  const killing = killAtRandom(services, run, progress)
  // As many images come between two kills.
  const isDue = (share: number): boolean => share * run.kills <= progress.turns
  const sent = await sendUntilAcknowledged(services, files, { together, isDue })
  progress.isSent = true
  const kills = await killing
  const told = await readTold(location, files.length)
  clearInterval(keeping)
  await Promise.all(services.map((service) => service.stop()))
  await webhook.close()
  return {
    ...sent,
    told,
    kills,
    delivered: webhook.ids.length,
    deliveredOnce: new Set(webhook.ids).size,
    said: services.flatMap(({ said }) => said),
  }
}

async function killAtRandom(
  services: readonly RunningService[],
  { place, kills: wanted, victim, seed, log }: KillRun,
  progress: { turns: number; readonly isSent: boolean },
): Promise<number> {
  const random = createRandom(seed)
  let [kills, idle] = [0, 0]
  while (kills < wanted) {
    await delay(random.uniform() * LONGEST_LIFE_MS)
    const service = services[random.integer(services.length)]
    // What is sent next meets it.
    progress.turns++
    const isStruck = await strike(victim, { service, place, random })
    idle = isStruck ? 0 : idle + 1
    // Processes start for work only, and there is none left.
    if (progress.isSent && idle > MOST_IDLE) return kills
    if (!isStruck) continue
    kills++
    if (kills % 10 === 0) log(`${kills} kills${progress.isSent ? ', all sent' : ''}`)
  }
  return kills
}

async function openWebhook() {
  const ids: string[] = []
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']))
    request.resume()
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ids,
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
