import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const PAGE = 4096
const EVERY_MS = 100

/** Looks at what a process and its children hold in memory, until it is stopped; resolves to the most, in bytes. */
export function memoryOfTree(pid: number): { readonly stop: () => Promise<number> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const watch = async (): Promise<number> => {
    let most = 0
    while (!signal.aborted) {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
      const all = [pid, ...children.trim().split(' ').filter(Boolean).map(Number)]
      const sizes = await Promise.all(all.map(residentBytes))
      most = Math.max(
        most,
        sizes.reduce((sum, size) => sum + size, 0),
      )
      await delay(EVERY_MS, undefined, { signal }).catch(() => {})
    }
    return most
  }
  const watched = watch()
  return {
    stop: () => {
      stopping.abort()
      return watched
    },
  }
}

async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0')
  return Number(text.split(' ')[1]) * PAGE
}
