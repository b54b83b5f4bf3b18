import { totalmem } from 'node:os'

/**
 * Bytes that this process may still take. What the system calls available counts the cache of files as taken, which it
 * gives back; so it is half of all memory, or of the container's, at least.
 */
export function availableMemory(): number {
  const constrained = process.constrainedMemory()
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return Math.max(process.availableMemory(), total / 2)
}
