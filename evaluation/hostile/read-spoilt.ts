import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DriftError } from '../../src/errors.ts'
import { openImages } from '../../src/images/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { baseFile, type Kind } from './base-files.ts'
import { mend, spoil } from './spoil.ts'

/** What came of spoilt files of a kind. */
export type Fate = {
  readonly kind: Kind
  readonly files: number
  /** Files that gave at least one image. */
  readonly read: number
  /** Others, by the code they were refused with. */
  readonly refused: Readonly<Record<string, number>>
  /** Errors of other kinds than a user's: faults of ours. */
  readonly faults: readonly string[]
  readonly longestMs: number
  readonly peakMegabytes: number
}

/** More pixels than any of the files has, and little memory. */
const PIXEL_LIMIT = 1_000_000

/** Spoils so many files of a kind and reads each, half of them at a shape and depth. */
export async function readSpoilt(kind: Kind, seed: number, files: number): Promise<Fate> {
  const random = createRandom(seed)
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  const refused: Record<string, number> = {}
  const faults: string[] = []
  let [read, longestMs] = [0, 0]
  let base = await baseFile(kind, random)
  try {
    for (let i = 0; i < files; i++) {
      if (i % 25 === 24) base = await baseFile(kind, random)
      const path = join(folder, base.name)
      const spoilt = spoil(base.bytes, random)
      await writeFile(path, i % 3 === 0 ? spoilt : mend(spoilt))
      const started = performance.now()
      const fate = await readOne(path, i % 2 === 0)
      longestMs = Math.max(longestMs, performance.now() - started)
      if (fate === 'read') read++
      else if (fate.isFault) faults.push(`file ${i} of seed ${seed}: ${fate.text}`)
      else refused[fate.text] = (refused[fate.text] ?? 0) + 1
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  return { kind, files, read, refused, faults, longestMs, peakMegabytes }
}

type OneFate = 'read' | { readonly isFault: boolean; readonly text: string }

async function readOne(path: string, isShaped: boolean): Promise<OneFate> {
  const codes: string[] = []
  let images = 0
  try {
    const source = await openImages(path, isImage(path) ? { pixelLimit: PIXEL_LIMIT } : {})
    const form = { shape: { channels: 3, height: 16, width: 16 }, depth: 8 } as const
    const batches = source.batches({
      ...(isShaped && form),
      onSkip: ({ code }) => codes.push(code),
    })
    for await (const { records } of batches) images += records.length
  } catch (error) {
    if (!(error instanceof DriftError))
      return { isFault: true, text: (error as Error).stack ?? String(error) }
    codes.push(error.code)
  }
  if (images > 0) return 'read'
  return { isFault: codes.length === 0, text: codes[0] ?? 'no image, and not a word' }
}

const isImage = (path: string): boolean => !/\.(?:npy|npz|idx)$/.test(path)
