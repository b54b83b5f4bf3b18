/** Files that appear whole or not at all; used by every room that writes one. */
import { fstatSync, writeFileSync } from 'node:fs'
import {
  chmod,
  lstat,
  open,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** A file that is being written: to `path` for now, to its own name by `commit`. */
export type Replacement = {
  /** What to write to. */
  readonly path: string
  /** How to open it: `a` for a device, a pipe or an open file, which take what comes and are never replaced. */
  readonly flags: 'w' | 'a'
  /** The file under its name, with the mode of the one it replaces. */
  commit(): Promise<void>
  /** Nothing is left; the old file, if any, stays. */
  discard(): Promise<void>
}

/** Writes beside the file and renames: a kill leaves the old file or the new one, never half. Links are followed. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const replacement = await openReplacement(path)
  try {
    const stream = replacement.flags === 'a' ? await openStreamOf(replacement.path) : undefined
    if (stream === undefined)
      await writeFile(replacement.path, content, { flag: replacement.flags })
    else writeFileSync(stream, content)
    await replacement.commit()
  } catch (error) {
    await replacement.discard()
    throw error
  }
}

/** Begins a file that is written piece by piece; throws the file system's error when it can't be. */
export async function openReplacement(path: string): Promise<Replacement> {
  const { target, mode } = await findTarget(path)
  if (mode === 'through') {
    return { path: target, flags: 'a', commit: async () => {}, discard: async () => {} }
  }
  await removeAbandoned(target)
  const partial = await createPartial(target)
  return {
    path: partial,
    flags: 'w',
    commit: async () => {
      if (mode !== undefined) await chmod(partial, mode)
      await rename(partial, target)
    },
    discard: async () => rm(partial, { force: true }).catch(() => {}),
  }
}

/**
 * The number of the standard stream that writes to the same file. Opened anew, a file is written from its own place on,
 * and what the stream writes falls on top of it.
 */
async function openStreamOf(path: string): Promise<number | undefined> {
  const found = await stat(path)
  return [1, 2].find((stream) => {
    const own = fstatSync(stream)
    return found.isFile() && own.dev === found.dev && own.ino === found.ino
  })
}

type Target = {
  readonly target: string
  /** Of the file that stands there; `through` for what is written to as it is. */
  readonly mode: number | 'through' | undefined
}

const MOST_LINKS = 40

/** Where a path leads: a link's own name stays a link, what it points to is replaced. */
async function findTarget(path: string): Promise<Target> {
  let target = resolve(path)
  for (let hops = 0; hops < MOST_LINKS; hops++) {
    // What lies there is a name of something open, which a file of the same name would hide.
    if (/^\/(?:dev|proc)\//.test(target)) return { target, mode: 'through' }
    const found = await lstat(target).catch(ignoreMissing)
    if (found?.isSymbolicLink() !== true) return { target, mode: modeOf(found) }
    target = resolve(dirname(target), await readlink(target))
  }
  // Lets the file system say what it thinks of such a chain.
  return { target, mode: modeOf(await stat(target)) }
}

function modeOf(found: Awaited<ReturnType<typeof stat>> | undefined): Target['mode'] {
  if (found === undefined) return undefined
  return found.isFile() || found.isDirectory() ? Number(found.mode) & 0o7777 : 'through'
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** A new file of a name that no other run writes to at the same time. */
async function createPartial(target: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const partial = `${target}.${process.pid}-${attempt}.partial`
    const file = await open(partial, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || attempt > 100) throw error
      return undefined
    })
    await file?.close()
    if (file !== undefined) return partial
  }
}

/** Removes what runs that were killed left beside the file. */
async function removeAbandoned(target: string): Promise<void> {
  const folder = dirname(target)
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (!name.startsWith(`${basename(target)}.`)) continue
    const owner = /^\.(\d+)-\d+\.partial$/.exec(name.slice(basename(target).length))?.[1]
    if (owner !== undefined && !isRunning(Number(owner))) {
      await rm(join(folder, name), { force: true }).catch(() => {})
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
