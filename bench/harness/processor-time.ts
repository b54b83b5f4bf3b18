import { readFile } from 'node:fs/promises'

/** Of `/proc/<pid>/stat`, in which times are counted in these of a second. */
const TICKS = 100

/** Seconds of processor time that a process and its children have used, those of children that ended left out. */
export async function processorSecondsOfTree(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const all = [pid, ...children.trim().split(' ').filter(Boolean).map(Number)]
  const times = await Promise.all(all.map(secondsOf))
  return times.reduce((sum, time) => sum + time, 0)
}

/** The same of this process, all of its threads. */
export function ownProcessorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function secondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name of the program may hold anything, so count from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [fields[11], fields[12]].map(Number)
  return Number.isFinite(user + system) ? (user + system) / TICKS : 0
}
