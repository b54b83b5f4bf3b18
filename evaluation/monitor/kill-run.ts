import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreLocation } from '../../src/monitor/store/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { type RunningService, runService, sendUntilAcknowledged } from './running-service.ts'
import { readTold, type Told } from './told.ts'

/** What is killed: the service, one of two on one database, or the processes of a service. */
export type Victim = 'service' | 'replica' | 'child'

/** A service, its images, and how often it is killed. */
export type KillRun = {
  readonly location: StoreLocation
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
export type KillOutcome = {
  readonly told: Told
  readonly kills: number
  readonly acknowledged: number
  readonly tries: number
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
  const { location, folder, detector, files, victim, together } = run
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
  // The last kills come while images are counted that were sent long before.
  let isSent = false
  const killing = killAtRandom(services, run, () => isSent)
  const sent = await sendUntilAcknowledged(services, files, together)
  isSent = true
  const kills = await killing
  const told = await readTold(location, files.length)
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
  { kills: wanted, victim, seed, log }: KillRun,
  isSent: () => boolean,
): Promise<number> {
  const random = createRandom(seed)
  let [kills, idle] = [0, 0]
  while (kills < wanted) {
    await delay(random.uniform() * LONGEST_LIFE_MS)
    const service = services[random.integer(services.length)]
    if (victim === 'child') {
      const isKilled = service.killChild((count) => random.integer(count))
      idle = isKilled ? 0 : idle + 1
      // Processes start for work only, and there is none left.
      if (isSent() && idle > MOST_IDLE) return kills
      if (!isKilled) continue
    } else {
      await service.kill()
      service.start()
    }
    kills++
    if (kills % 10 === 0) log(`${kills} kills${isSent() ? ', all sent' : ''}`)
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
