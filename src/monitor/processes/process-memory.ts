import { readFile } from 'node:fs/promises'

const PAGE = 4096

/** Bytes of a process that lie in memory, where the system tells (Linux). */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => undefined)
  const pages = Number(text?.split(' ')[1])
  return Number.isFinite(pages) ? pages * PAGE : undefined
}
