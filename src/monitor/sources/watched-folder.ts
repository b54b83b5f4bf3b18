import { type Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DriftError } from '../../errors.ts'
import { isCutShort, isHiddenPath, isImageName } from '../../images/index.ts'
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
  /** A file that is cut short and grows no more is taken as it is after so many looks; default 30, half a minute. */
  readonly patience?: number
}

const PATIENCE = 30

/** Stored at once. */
const TOGETHER = 64

type Seen = {
  readonly size: number
  readonly changed: number
  /** Looks that found it so. */
  readonly looks: number
  /** It says itself that more is to come. */
  readonly isCutShort: boolean
}

/**
 * Accepts every image file of a folder once, by its path, in the order of names at each look: a file when two looks found
 * it alike and its end is there, so that one half-written is waited for. Ends when the signal is raised.
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
  const { store, signal, log, mostBytes, patience = PATIENCE } = ports
  const next = new Map<string, Seen>()
  const ready = new Map<string, Seen>()
  const accept = async (): Promise<void> => {
    const paths = [...ready.keys()]
    const known = await store.inbox.known(folder.monitor, paths)
    const files: FoundFile[] = []
    for (const path of paths.filter((one) => !known.has(one))) {
      const bytes = await readFile(join(folder.path, path))
      const seen = ready.get(path) as Seen
      const isShort = isCutShort(bytes)
      if (isShort && seen.looks <= patience) {
        next.set(path, { ...seen, isCutShort: true })
        continue
      }
      if (isShort) log('warn', `${path} was taken as it is: cut short, and it grew no more`)
      files.push({ path, bytes })
    }
    await acceptFiles(folder, files, ports)
    for (const path of paths) if (!next.has(path)) taken.add(path)
    ready.clear()
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
    const seen = seenAgain(growing.get(path), { size: found.size, changed: found.mtimeMs })
    const isWaitedFor = seen.isCutShort && seen.looks <= patience
    if (seen.looks > 1 && seen.size > 0 && !isWaitedFor) ready.set(path, seen)
    else next.set(path, seen)
    if (ready.size === TOGETHER) await accept()
  }
  if (ready.size > 0) await accept()
  return next
}

/** What is known of it, where nothing of it has changed. */
function seenAgain(
  before: Seen | undefined,
  { size, changed }: Pick<Seen, 'size' | 'changed'>,
): Seen {
  if (before?.size !== size || before.changed !== changed) {
    return { size, changed, looks: 1, isCutShort: false }
  }
  return { ...before, looks: before.looks + 1 }
}

type FoundFile = { readonly path: string; readonly bytes: Uint8Array }

async function acceptFiles(
  { monitor, sourceFromFolder, mostSources }: WatchedFolder,
  files: readonly FoundFile[],
  { inbox, signal, everyMs }: FolderPorts,
): Promise<void> {
  if (files.length === 0) return
  const sourceOf = (path: string): string | null =>
    sourceFromFolder && path.includes('/') ? path.slice(0, path.indexOf('/')) : null
  const sources = new Set(files.flatMap(({ path }) => sourceOf(path) ?? []))
  const beyond = new Set<string | null>(await inbox.sourcesBeyond(monitor, mostSources, sources))
  const images = files.map(({ path, bytes }) => ({
    monitor,
    predictionId: path,
    source: beyond.has(sourceOf(path)) ? null : sourceOf(path),
    takenAt: null,
    facts: '{}',
    bytes,
  }))
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
