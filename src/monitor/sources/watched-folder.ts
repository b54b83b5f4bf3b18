import { type Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DriftError } from '../../errors.ts'
import { isHiddenPath, isImageName } from '../../images/index.ts'
import type { Inbox } from '../inbox/index.ts'
import { type Log, messageOf } from '../log/index.ts'
import type { Store } from '../store/index.ts'

/** A folder whose files are images of a monitor. */
export type WatchedFolder = {
  /** The first folder below names where an image comes from. */
  readonly sourceFromFolder: boolean
  readonly path: string
  readonly monitor: string
  /** Of the monitor; images of further ones are watched with all others only. */
  readonly mostSources: number
}

/** What a folder's watcher works with. */
export type FolderPorts = {
  readonly store: Store
  readonly inbox: Inbox
  readonly log: Log
  readonly signal: AbortSignal
  /** Pause between two looks. */
  readonly everyMs: number
  /** Files that are larger are passed over, and said. */
  readonly mostBytes: number
}

/** Stored at once. */
const TOGETHER = 64

type Seen = { readonly size: number; readonly changed: number }

/**
 * Accepts every image file of a folder once, by its path, in the order of names at each look: a file when two looks found
 * it alike, so that one half-written is waited for. Ends when the signal is raised.
 */
export async function watchFolder(folder: WatchedFolder, ports: FolderPorts): Promise<void> {
  const { log, signal, everyMs } = ports
  const taken = new Set<string>()
  let growing = new Map<string, Seen>()
  while (!signal.aborted) {
    try {
      growing = await look(folder, ports, { taken, growing })
    } catch (error) {
      log('error', `folder ${folder.path}: ${messageOf(error)}`)
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

type Memory = {
  /** Paths of files that need no further look. */
  readonly taken: Set<string>
  readonly growing: ReadonlyMap<string, Seen>
}

/** One look; returns the files that were there but not ready. */
async function look(
  folder: WatchedFolder,
  ports: FolderPorts,
  { taken, growing }: Memory,
): Promise<Map<string, Seen>> {
  const { store, signal, log, mostBytes } = ports
  const next = new Map<string, Seen>()
  let ready: string[] = []
  const accept = async (): Promise<void> => {
    const known = await store.inbox.known(folder.monitor, ready)
    const fresh = ready.filter((path) => !known.has(path))
    await acceptFiles(folder, fresh, ports)
    for (const path of ready) taken.add(path)
    ready = []
  }
  const passOver = (path: string, error: unknown): void => {
    if (!taken.has(`${path}/`)) log('warn', `${path} was passed over: ${messageOf(error)}`)
    taken.add(`${path}/`)
  }
  for await (const path of imagesBelow(folder.path, '', passOver)) {
    if (signal.aborted) return next
    if (taken.has(path)) continue
    const found = await stat(join(folder.path, path)).catch(() => undefined)
    if (found?.isFile() !== true) continue
    if (found.size > mostBytes) {
      log('warn', `${path} was passed over: ${found.size} bytes, at most ${mostBytes} are taken`)
      taken.add(path)
      continue
    }
    const seen = { size: found.size, changed: found.mtimeMs }
    const before = growing.get(path)
    const isReady = before?.size === seen.size && before.changed === seen.changed && seen.size > 0
    if (isReady) ready.push(path)
    else next.set(path, seen)
    if (ready.length === TOGETHER) await accept()
  }
  if (ready.length > 0) await accept()
  return next
}

async function acceptFiles(
  { path: root, monitor, sourceFromFolder, mostSources }: WatchedFolder,
  paths: readonly string[],
  { inbox, signal, everyMs }: FolderPorts,
): Promise<void> {
  if (paths.length === 0) return
  const sourceOf = (path: string): string | null =>
    sourceFromFolder && path.includes('/') ? path.slice(0, path.indexOf('/')) : null
  const sources = new Set(paths.flatMap((path) => sourceOf(path) ?? []))
  const beyond = new Set<string | null>(await inbox.sourcesBeyond(monitor, mostSources, sources))
  const images = await Promise.all(
    paths.map(async (path) => ({
      monitor,
      predictionId: path,
      source: beyond.has(sourceOf(path)) ? null : sourceOf(path),
      takenAt: null,
      facts: '{}',
      bytes: await readFile(join(root, path)),
    })),
  )
  for (;;) {
    try {
      await inbox.accept(images)
      return
    } catch (error) {
      if (!(error instanceof DriftError) || !error.retryable || signal.aborted) throw error
      await delay(everyMs, undefined, { signal })
    }
  }
}

/** Paths of image files below a folder, by name at each level; hidden ones and links out of order are passed over. */
async function* imagesBelow(
  root: string,
  path: string,
  passOver: (path: string, error: unknown) => void,
): AsyncGenerator<string> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error) => {
    if (path === '') throw error
    passOver(path, error)
    return []
  })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const own = path === '' ? entry.name : `${path}/${entry.name}`
    if (isHiddenPath(entry.name)) continue
    if (entry.isDirectory()) yield* imagesBelow(root, own, passOver)
    else if (isFile(entry) && isImageName(entry.name)) yield own
  }
}

function isFile(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink()
}
