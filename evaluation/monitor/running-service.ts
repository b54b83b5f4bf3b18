import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { leaveWill } from './will.ts'

const BIN = fileURLToPath(new URL('../../bin/pixeldrift.js', import.meta.url))

/** A service in a process of its own, which may be killed and started again. */
export type RunningService = {
  /** Where it listens, once it does. */
  url(): Promise<string>
  /** At once, as a power cut would; resolves when it is gone. */
  kill(): Promise<void>
  /** Kills one of its own processes, if there is any; false where there is none. */
  killChild(choose: (count: number) => number): boolean
  /** Where it has ended by itself, or was killed. */
  startIfEnded(): void
  /** Of the process that listens. */
  pid(): number
  /** As Ctrl-C does. */
  stop(): Promise<void>
  /** What it wrote of its failures. */
  readonly said: string[]
}

/** Starts `serve` with a configuration file, on a port that the system chooses. */
export function runService(config: string, environment: NodeJS.ProcessEnv = {}): RunningService {
  let child: ChildProcess
  let listening: Promise<string>
  let closed: Promise<void>
  const said: string[] = []
  const will = leaveWill('kill -9 "$last"', [])
  const start = (): void => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const own = spawn(process.execPath, [BIN, 'serve', '--config', config, '--port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    })
    will.note(String(own.pid))
    let text = ''
    own.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part
      const url = /listening on (\S+),/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
      said.push(
        ...part.split('\n').filter((line) => /^pixeldrift: (?!listening|stopping)/.test(line)),
      )
    })
    child = own
    listening = promise
    closed = new Promise((done) => void own.on('close', () => done()))
  }
  start()
  return {
    said,
    startIfEnded: () => {
      if (child.exitCode !== null || child.signalCode !== null) start()
    },
    url: () => listening,
    pid: () => child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
    killChild: (choose) => {
      const path = `/proc/${child.pid}/task/${child.pid}/children`
      const children = readFileSync(path, 'utf8').trim().split(' ').filter(Boolean)
      if (children.length === 0) return false
      process.kill(Number(children[choose(children.length)]), 'SIGKILL')
      return true
    },
    stop: async () => {
      child.kill('SIGINT')
      await closed
      will.revoke()
    },
  }
}

/** Whoever sends waits no longer for an answer. */
const LONGEST_ANSWER_MS = 60_000

/** What came of sending. */
export type Sent = {
  readonly acknowledged: number
  /** Requests that it took, those without an answer too. */
  readonly tries: number
  /** Answers that said the service failed (500): none is expected, whatever happens to it. */
  readonly failures: number
}

/** Sends files one after the other under their names, each until it is acknowledged by one of the services. */
export async function sendUntilAcknowledged(
  services: readonly RunningService[],
  files: readonly { readonly name: string; readonly source: string; readonly bytes: Uint8Array }[],
  {
    together,
    isDue,
  }: {
    /** Images of one request. */
    readonly together: number
    /** Whether this share of all may be sent by now. */
    readonly isDue: (share: number) => boolean
  },
): Promise<Sent> {
  let [acknowledged, tries, failures, turn] = [0, 0, 0, 0]
  for (let at = 0; at < files.length; at += together) {
    const images = files.slice(at, at + together).map(({ name, source, bytes }) => ({
      predictionId: name,
      source,
      image: Buffer.from(bytes).toString('base64'),
    }))
    while (!isDue(at / files.length)) await delay(20)
    for (;;) {
      tries++
      const status = await send(services[turn % services.length], images)
      if (status === 202) break
      if (status === 500) failures++
      turn++
      await delay(20)
    }
    acknowledged += images.length
  }
  return { acknowledged, tries, failures }
}

/** The status of the answer; undefined where there was none in full. Throws where it was refused for good. */
async function send(
  service: RunningService,
  images: readonly object[],
): Promise<number | undefined> {
  const url = await Promise.race([service.url(), delay(3000)])
  if (url === undefined) return undefined
  const response = await fetch(`${url}/v1/monitors/default/images`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ images }),
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  }).catch(() => undefined)
  const answer = (await response?.json().catch(() => undefined)) as
    | { images?: object[] }
    | undefined
  if (response === undefined || answer === undefined) return undefined
  const { status } = response
  if (status >= 400 && status < 500) throw new Error(`refused: ${JSON.stringify(answer)}`)
  return status === 202 && answer.images?.length !== images.length ? undefined : status
}
