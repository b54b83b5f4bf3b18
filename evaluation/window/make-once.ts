import { access, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const POLL_MS = 500

/** Writes a file whole or not at all. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`
  await writeFile(partial, content)
  await rename(partial, path)
}

/** Runs `make`, which must write `path` last, unless the file is there; of several processes one makes it, the others wait. */
export async function makeOnce(path: string, make: () => Promise<void>): Promise<void> {
  const lock = `${path}.lock`
  while (!(await exists(path))) {
    if (!(await takeLock(lock))) {
      await setTimeout(POLL_MS)
      continue
    }
    try {
      if (!(await exists(path))) await make()
    } finally {
      await rm(lock, { force: true })
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The lock holds its owner's process id; that of an ended process is taken away. */
async function takeLock(lock: string): Promise<boolean> {
  const file = await open(lock, 'wx').catch(() => undefined)
  if (file !== undefined) {
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  }
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
  if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true })
  return false
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
