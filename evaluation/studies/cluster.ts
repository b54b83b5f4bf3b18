import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pictureFolder } from '../../bench/harness/picture-folders.ts'
import { fit, type Verdict } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { digestFeatures } from '../cluster/digest.ts'
import { type PartedWork, runProgram, WAYS } from '../cluster/ways.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = {
  readonly way: keyof typeof WAYS
  readonly images: number
  readonly parts: number
  readonly seed: number
}

type Result =
  | { readonly skipped: string }
  | {
      readonly images: number
      readonly unread: number
      readonly seconds: number
      /** Bytes of measurements that the killed part had when it was started again; none where nothing was killed. */
      readonly resumedFrom: number | undefined
      readonly features: readonly [one: string, parts: string]
      readonly isVerdictEqual: boolean
      readonly severity: string
    }

const FITTED = 600
const BIN = fileURLToPath(new URL('../../bin/pixeldrift.js', import.meta.url))
const KILL_ONCE = fileURLToPath(new URL('../cluster/kill-once.ts', import.meta.url))

/** Is measuring in parts, on whatever hands them out, the same as one run? */
export const study = defineStudy({
  title: 'Measuring in parts on a cluster',
  description:
    'Photographs (CIFAR-10) as JPEG, a few of them damaged, measured by one run of the command and in sixteen parts: by the command in a random order, by Ray and by Spark (examples/ray, examples/spark; on this machine). One part is killed (SIGKILL) in its midst and started again. All rows of features with their records and hashes, counts and sums, and the verdict are to be equal to the bit.',
  revision: 1,
  maximumWorkers: 1,
  dependsOn: [],
  skipReason: missingCifar10,
  options: {
    ways: {
      kind: 'choices',
      choices: ['command', 'ray', 'spark'],
      default: ['command', 'ray', 'spark'],
      description: 'who hands out the parts',
    },
    images: { kind: 'integer', default: 12_800, quick: 1600, description: 'images measured' },
    parts: { kind: 'integer', default: 16, quick: 2, description: 'parts' },
    seed: { kind: 'integer', default: 1, description: 'of the order of the parts' },
  },
  cells: ({ ways, images, parts, seed }): Cell[] =>
    ways.map((way) => ({ way, images, parts, seed })),
  run: async ({ way, ...size }: Cell, { threads, log }): Promise<Result> => {
    const skipped = await WAYS[way].missing()
    if (skipped !== undefined) {
      log(`${way} is skipped: ${skipped}`)
      return { skipped }
    }
    const folder = await mkdtemp(join(tmpdir(), 'cluster-'))
    try {
      return await compare(way, await prepare(folder, { ...size, threads }))
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  summarise: (outcomes) => ({
    ways: outcomes.map(({ cell: { way, parts }, result }) => {
      if ('skipped' in result) return { way, skipped: result.skipped }
      const { features, resumedFrom, images, unread, seconds, severity } = result
      return {
        way,
        parts,
        images,
        unread,
        killedAndResumed: resumedFrom !== undefined && resumedFrom > 0,
        featuresEqual: features[0] === features[1],
        verdictEqual: result.isVerdictEqual,
        severity,
        seconds: Math.round(seconds),
      }
    }),
  }),
})

type Prepared = PartedWork & { readonly folder: string }

/** A detector, and a folder of pictures of which three are damaged. */
async function prepare(
  folder: string,
  { images: count, parts, seed, threads }: Omit<Cell, 'way'> & { readonly threads: number },
): Promise<Prepared> {
  const size = { height: 32, width: 32, working: 32 } as const
  const pictures = await pictureFolder({ name: `parts-${count}`, format: 'jpeg', count, ...size })
  const images = join(folder, 'images')
  await mkdir(join(images, 'damaged'), { recursive: true })
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
    await writeFile(join(images, 'damaged', name), `no picture, but ${name}`)
  }
  await symlink(pictures, join(images, 'photographs'))
  const source = limitImages(await openImages(pictures), FITTED)
  await using detector = await fit(source, { workingSide: 32, epochs: 2, seed: 1, threads })
  const path = join(folder, 'detector.pixeldrift')
  await detector.save(path)
  const env = {
    PIXELDRIFT: `${process.execPath} ${KILL_ONCE}`,
    KILL_PART: `${Math.ceil(parts / 2)}/${parts}`,
    KILL_NOTES: folder,
    // One time for all verdicts.
    SOURCE_DATE_EPOCH: '1800000000',
  }
  return { folder, detector: path, images, features: join(folder, 'features'), parts, seed, env }
}

async function compare(way: keyof typeof WAYS, work: Prepared): Promise<Result> {
  const { folder, detector, images, parts, features, env } = work
  const one = join(folder, 'one.parquet')
  const command = [process.execPath, BIN]
  const measured = await runProgram([...command, 'measure', detector, images, '--out', one], env)
  if (measured.code !== 0) throw new Error(measured.stderr)
  const whole = await runProgram([...command, 'check', detector, one, '--json'], env)
  const started = performance.now()
  await WAYS[way].run(work)
  const seconds = (performance.now() - started) / 1000
  const verdict = await readFile(join(features, 'verdict.json'), 'utf8')
  const files = Array.from({ length: parts }, (_, i) => join(features, `part-${i + 1}.parquet`))
  const [first, second] = [await digestFeatures([one]), await digestFeatures(files)]
  const resumed = await readFile(join(folder, 'resumed'), 'utf8').catch(() => undefined)
  return {
    images: second.images,
    unread: second.skipped,
    seconds,
    resumedFrom: resumed === undefined ? undefined : Number(resumed),
    features: [first.digest, second.digest],
    isVerdictEqual: verdict === whole.stdout,
    severity: (JSON.parse(whole.stdout) as Verdict).judgement.severity,
  }
}
