import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A function in a process of its own, in whatever language: it answers one JSON line with one, and is kept between questions. */
export type WorkerProcess = {
  /** What its first line said of it. */
  readonly description: { readonly name: string; readonly version: string }
  /** One question at a time; rejects with its last words when it ends instead. */
  readonly ask: <Answer>(
    request: { readonly cmd: string } & Record<string, unknown>,
  ) => Promise<Answer>
  /** Asks it to end, and ends it after a moment. */
  readonly close: () => Promise<void>
}

const CLOSE_AFTER_MS = 5000
const KEPT_ERROR_LINES = 20

/** Starts a process and waits until it is ready; its stderr goes to `log`, and is said when it fails. */
export async function openProcess(
  [file = '', ...words]: readonly string[],
  { log, signal }: { readonly log?: (line: string) => void; readonly signal?: AbortSignal } = {},
): Promise<WorkerProcess> {
  const child = spawn(file, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' }),
  })
  const errors: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    errors.push(line)
    if (errors.length > KEPT_ERROR_LINES) errors.shift()
    log?.(line)
  })
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', (code, killedBy) => {
      const how = killedBy ?? `code ${code}`
      reject(new Error(`${[file, ...words].join(' ')} ended with ${how}\n${errors.join('\n')}`))
    })
  })
  // Whoever waits for an answer races against the end; at other times the end is no surprise.
  ended.catch(() => {})
  // What can't be written any more was asked of a process that ended, which says so itself.
  child.stdin.on('error', () => {})
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const nextLine = async (): Promise<unknown> => {
    const { value, done = false } = await Promise.race([lines.next(), ended])
    return done ? ended : JSON.parse(value ?? '')
  }
  const { name, version } = (await nextLine()) as WorkerProcess['description']
  return {
    description: { name, version },
    ask: async <Answer>(request: object) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return (await nextLine()) as Answer
    },
    close: async () => {
      const limit = setTimeout(() => child.kill('SIGKILL'), CLOSE_AFTER_MS)
      child.stdin.end(`${JSON.stringify({ cmd: 'exit' })}\n`)
      await ended.catch(() => {})
      clearTimeout(limit)
    },
  }
}
