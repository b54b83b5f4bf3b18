import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaveWill } from './will.ts'

/** A file system of its own that can be full. */
export type SmallDisk = {
  readonly folder: string
  /** Nothing more can be written from now on. */
  fill(): void
  /** There is room again. */
  free(): void
  remove(): void
}

/** Why none can be made here. */
export function missingDisk(): string | undefined {
  const folder = join(tmpdir(), `pixeldrift-disk-${process.pid}`)
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  if (status === 0) execFileSync('umount', [folder])
  rmdirSync(folder)
  return status === 0 ? undefined : 'no file system can be mounted here'
}

/** Makes one of so many mebibytes, in memory. */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
  // Not before those that have files on it are gone.
  const will = leaveWill('sleep 1; umount "$1"', [folder])
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: () => {
      const file = openSync(ballast, 'w')
      try {
        for (let size = 1 << 20; size >= 512;) {
          if (!isWritten(file, Buffer.alloc(size))) size /= 2
        }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', [folder])
      rmdirSync(folder)
      will.revoke()
    },
  }
}

function isWritten(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) === bytes.length
  } catch {
    return false
  }
}
