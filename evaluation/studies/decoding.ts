import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { missingPeers, pythonOf } from '../../bench/harness/peers.ts'
import { openImages } from '../../src/images/index.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = { readonly seed: number }

/** A file that the script made; `shape` is height, width and channels of the pixels beside it. */
type Made = {
  readonly name: string
  readonly family: string
  readonly shape: readonly [number, number, number]
  readonly bits: 8 | 16
}

type Compared = { readonly family: string; readonly largest: number }

/** Grey levels (of the file's own depth) by which we may differ; where nothing is said, none. */
const ALLOWED: Readonly<Record<string, number>> = {
  // Compositing rounds once here and once or twice there.
  'png, alpha on black': 1,
  'webp, alpha on black': 1,
}

/** Are pictures read as others read them? */
export const study = defineStudy({
  title: 'Decoding, beside Pillow and tifffile',
  description:
    'Files of many kinds and sizes made by Pillow and tifffile, and the largest difference between the pixels that these and we read from them, in levels of the file’s own depth: none is allowed, but one level where transparency is laid on black.',
  revision: 1,
  dependsOn: [],
  options: {
    seeds: {
      kind: 'integers',
      default: [0, 1, 2, 3, 4, 5],
      quick: [0],
      description: 'one set of some 75 files each',
    },
  },
  skipReason: async () => missingPeers(['decoding']),
  cells: ({ seeds }): Cell[] => seeds.map((seed) => ({ seed })),
  run: async ({ seed }: Cell): Promise<Compared[]> => {
    const folder = await mkdtemp(join(tmpdir(), 'decoding-'))
    try {
      const script = fileURLToPath(new URL('../decoding/make_files.py', import.meta.url))
      await promisify(execFile)(pythonOf('decoding'), ['-P', script, folder, String(seed), '1'])
      const made = JSON.parse(await readFile(join(folder, 'files.json'), 'utf8')) as Made[]
      const compared: Compared[] = []
      for (const file of made) compared.push(await compare(folder, file))
      return compared
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  summarise: (outcomes) => {
    const all = outcomes.flatMap(({ result }) => result)
    const families = Map.groupBy(all, ({ family }) => family)
    const rows = [...families].map(([family, files]) => {
      const allowed = ALLOWED[family] ?? 0
      return {
        family,
        files: files.length,
        equal: files.filter(({ largest }) => largest === 0).length,
        allowed,
        largest: Math.max(...files.map(({ largest }) => largest)),
        within: files.filter(({ largest }) => largest <= allowed).length,
      }
    })
    return {
      files: all.length,
      within: rows.reduce((sum, { within }) => sum + within, 0),
      families: rows,
    }
  },
})

/** The largest difference, infinite where shapes differ or we cannot read the file. */
async function compare(folder: string, { name, family, shape, bits }: Made): Promise<Compared> {
  const raw = await readFile(join(folder, `${name}.raw`))
  const expected: ArrayLike<number> =
    bits === 8 ? raw : new Uint16Array(raw.buffer, raw.byteOffset, raw.byteLength / 2)
  const source = await openImages(join(folder, name))
  for await (const { pixels } of source.batches({ strict: true })) {
    const [, channels, height, width] = pixels.shape
    if ([height, width, channels].join() !== shape.join()) break
    const area = height * width
    let largest = 0
    for (let i = 0; i < expected.length; i++) {
      const own = pixels.data[(i % channels) * area + Math.floor(i / channels)]
      largest = Math.max(largest, Math.abs(Math.round(own * (2 ** bits - 1)) - expected[i]))
    }
    return { family, largest }
  }
  return { family, largest: Number.MAX_SAFE_INTEGER }
}
