import { missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { type Entrant, ratesOf, ratiosTo, runContest } from '../harness/contest.ts'
import { missingPeers, peerCommand, THREADS, workerCommand } from '../harness/peers.ts'
import { fitPhotographs, photographFolder } from '../harness/photographs.ts'
import { pictureFolder, type PictureSet } from '../harness/picture-folders.ts'
import { fastest, ratioOf } from '../harness/ratios.ts'
import { type BenchContext, defineTopic } from '../harness/topic.ts'

const OURS = 'pixeldrift'
const BEFORE = 'sharp'
const LOADERS = ['loader-pillow', 'loader-opencv', 'loader-turbojpeg']
const THREADED = ['threads-opencv', 'threads-turbojpeg']

/** Pictures of each size, as many as take about a second. */
const SETS: readonly PictureSet[] = (['jpeg', 'png'] as const).flatMap((format) => {
  const small = format === 'jpeg' ? 32 : 28
  return [
    {
      name: `${format}-${small}`,
      format,
      height: small,
      width: small,
      count: 4000,
      working: small,
    },
    { name: `${format}-224`, format, height: 224, width: 224, count: 300, working: 64 },
    { name: `${format}-1000`, format, height: 1000, width: 1000, count: 30, working: 64 },
    { name: `${format}-12-megapixels`, format, height: 3000, width: 4000, count: 4, working: 64 },
  ]
})

/** A check of 10,000 JPEGs of 32×32 beside decoding alone. */
const CHECK = 'check'
const CHOICES = [...SETS.map(({ name }) => name), CHECK]

/** Pace of reading files. */
export const topic = defineTopic({
  title: 'Pace of decoding',
  description:
    'Images per second from files to float32 pixels, small ones at their own size, others reduced to 64×64 after they were decoded whole: ours, sharp called once a file (which reduces JPEGs while it decodes them, and so gives other pixels), and in Python Pillow, OpenCV and PyTurboJPEG in a DataLoader with a process a core, the latter two on threads as well. `check` is a whole check of 10,000 JPEGs of 32×32, as a multiple of the time in which the fastest of these only decodes them.',
  options: {
    sets: {
      kind: 'choices',
      choices: CHOICES,
      default: CHOICES,
      quick: ['jpeg-32', 'png-28'],
      description: 'Formats and sizes, and the check.',
    },
    rounds: { kind: 'integer', default: 5, quick: 2, description: 'Turns of each side.' },
    seconds: { kind: 'number', default: 1.5, quick: 0.5, description: 'Length of a turn.' },
  },
  skipReason: async () => (await missingPeers(['decoding'])) ?? (await missingCifar10()),
  run: async ({ sets, rounds, seconds }, context) => {
    const figures: Record<string, object> = {}
    const turns = { rounds, turnSeconds: seconds }
    for (const set of SETS.filter(({ name }) => sets.includes(name))) {
      const folder = await pictureFolder(set)
      context.log(set.name)
      const contest = await runContest(entrantsOf(set, folder), turns, context)
      const inPython = set.format === 'png' ? isNotTurbo : (): boolean => true
      figures[set.name] = {
        ...ratiosTo(contest, OURS, {
          ratioToSharp: [BEFORE],
          ratioToBestDataLoader: LOADERS.filter(inPython),
          ratioToBestThreads: THREADED.filter(inPython),
        }),
        imagesPerSecond: ratesOf(contest),
      }
    }
    if (sets.includes(CHECK)) figures[CHECK] = await checkPhotographs(turns, context)
    return { ...figures, threads: THREADS }
  },
})

const isNotTurbo = (name: string): boolean => !name.endsWith('turbojpeg')

function entrantsOf({ format, working }: PictureSet, folder: string): Entrant[] {
  const words = ['--folder', folder, '--side', String(working)]
  return [
    { name: OURS, command: workerCommand('decoding.ts', words) },
    { name: BEFORE, command: workerCommand('decoding.ts', [...words, '--mode', 'sharp']) },
    ...peersOf(words, (name) => format === 'jpeg' || isNotTurbo(name)),
  ]
}

function peersOf(words: readonly string[], isIn: (name: string) => boolean): Entrant[] {
  return [...LOADERS, ...THREADED].filter(isIn).map((name) => {
    const [way, library] = name.split('-')
    const options = [...words, '--library', library, '--way', way]
    return { name, command: peerCommand('decoding', 'decoding.py', options) }
  })
}

/** The check, and what of it is decoding and measuring, beside decoding in Python. */
async function checkPhotographs(
  turns: { readonly rounds: number; readonly turnSeconds: number },
  context: BenchContext,
): Promise<object> {
  const folder = await photographFolder()
  const detector = await fitPhotographs(context)
  const ours = ['check', 'measure', 'decode'].map((mode) => {
    const words = ['--mode', mode, '--folder', folder, '--detector', detector]
    return { name: `${OURS}-${mode}`, command: workerCommand('photographs.ts', words) }
  })
  const peers = peersOf(['--folder', folder, '--side', '32'], () => true)
  const contest = await runContest([...ours, ...peers], turns, context)
  const { rates } = contest
  const peer = fastest(
    rates,
    peers.map(({ name }) => name),
  )
  const times = ratioOf(rates.get(peer) ?? [], rates.get(`${OURS}-check`) ?? [])
  return {
    timesFastestDecoding: times.median,
    spreads: { timesFastestDecoding: { ...times, peer } },
    imagesPerSecond: ratesOf(contest),
  }
}
