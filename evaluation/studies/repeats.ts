import { type Baseline, completePolicy, judge } from '../../src/judging/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { describe, tellRepeats } from '../../src/wording/index.ts'
import type { Judgement, Repeats } from '../../src/verdict/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { DATA_OPTION, type DataName, openFitted } from '../fitted/fitted-subject.ts'
import { FRAMES, NEAR_COPIES, rowOfCopy } from '../guards/copies.ts'
import { batchOfImages, type DrawnImage } from '../guards/rows-as-batch.ts'
import { unusedChanges } from '../guards/unused-changes.ts'
import { defineStudy } from '../harness/study.ts'
import { rate } from '../protocol/alarms.ts'
import { wilsonInterval } from '../../src/statistics/index.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount, type View } from '../window/view.ts'

type Cell = {
  readonly data: DataName
  readonly fitted: number
  readonly seed: number
  readonly batches: number
}

/** What repeats, and of 100 images which frame each is; the others are images of their own. */
const KINDS: Readonly<
  Record<string, { readonly kind: Repeats['kind']; readonly frameOf: (i: number) => number | null }>
> = {
  'frozen (97 of 100 images)': { kind: 'frozen', frameOf: (i) => (i < 97 ? 0 : null) },
  'frozen half way (60 of 100)': { kind: 'frozen', frameOf: (i) => (i < 40 ? null : 0) },
  'three images in a loop': { kind: 'loop', frameOf: (i) => i % 3 },
  'every image twice': { kind: 'each', frameOf: (i) => i >> 1 },
  'twenty images four times, twenty others once': {
    kind: 'some',
    frameOf: (i) => (i < 80 ? (7 * i) % 20 : null),
  },
}
const SIZE = 100
const ORDINARY = [20, 100, 1000]

/** Of so many batches the repeats were named, named rightly, and before anything else. */
type Count = {
  readonly of: string
  readonly likeness: string
  readonly batches: number
  readonly named: number
  readonly rightly: number
  readonly drift: number
}

/** Are images that repeat others named first, and never where there are none? */
export const study = defineStudy({
  title: 'Repeats',
  description:
    'Batches of 100 images of which some repeat others, exactly, with other noise, or saved anew at another quality: in how many that is what headline and summary begin with, and as what it is (frozen, loop, every image twice, some). Beside them batches of different images, as they are and changed, where nothing repeats.',
  revision: 1,
  options: {
    data: DATA_OPTION,
    fitted: { kind: 'integer', default: 10_000, description: 'images handed to fit' },
    seeds: { kind: 'integers', default: [1, 2], description: 'one fitted detector each' },
    batches: {
      kind: 'integer',
      default: 12,
      quick: 3,
      description: 'of each kind; of changed images a quarter for each change',
    },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, fitted, seeds, batches }): Cell[] =>
    data.flatMap((name) => seeds.map((seed) => ({ data: name, fitted, seed, batches }))),
  run: async ({ data, fitted, seed, batches }: Cell, context): Promise<readonly Count[]> => {
    const subject = await openFitted({ data, fitted, seed }, context)
    await using detector = await subject.detector()
    const { baseline, extractor } = detector
    const by = { extractorId: extractor.id, columns: subject.columns }
    const clean = subject.unseen.features
    const count = ({ of, likeness, kind, draw, times = batches }: Scene): Count => {
      const judged = Array.from({ length: times }, (_, i) =>
        lookAt(baseline, batchOfImages(by, draw(createRandom(seedOf(of, likeness, seed, i))))),
      )
      const named = judged.filter(isNamedFirst)
      return {
        of,
        likeness,
        batches: times,
        named: named.length,
        rightly: named.filter(({ repeats }) => repeats?.kind === kind).length,
        drift: judged.filter(({ severity }) => severity === 'drift').length,
      }
    }
    const copies = [
      { likeness: 'exact copies', view: clean, rowOf: (frame: number) => frame, isExact: true },
      ...(await Promise.all(
        NEAR_COPIES.map(async (change) => {
          const { features } = await subject.changed(change, 'as-is')
          return { likeness: change.title, view: features, rowOf: rowOfCopy, isExact: false }
        }),
      )),
    ]
    const repeated = copies.flatMap((copy) =>
      Object.entries(KINDS).map(([of, { kind, frameOf }]) =>
        count({
          of,
          likeness: copy.likeness,
          kind,
          draw: (random) => withCopies(drawImages(clean, SIZE, random), frameOf, { copy, random }),
        }),
      ),
    )
    const none = { likeness: 'none', kind: undefined }
    const ordinary = ORDINARY.map((size) =>
      count({
        ...none,
        of: `${size} different images`,
        draw: (random) => drawImages(clean, size, random),
      }),
    )
    const changed: Count[] = []
    for (const change of unusedChanges(data)) {
      const { features } = await subject.changed(change, 'as-is')
      changed.push(
        count({
          ...none,
          of: '100 different images, all changed',
          times: Math.ceil(batches / 4),
          draw: (random) => drawImages(features, SIZE, random),
        }),
      )
    }
    return [...repeated, ...ordinary, ...changed]
  },
  summarise: (outcomes) => {
    const all = outcomes.flatMap(({ cell, result }) =>
      result.map((one) => ({ ...one, data: cell.data })),
    )
    const by = (
      rows: readonly (typeof all)[number][],
      name: (one: (typeof all)[number]) => string,
    ) => Object.fromEntries([...Map.groupBy(rows, name)].map(([key, own]) => [key, sharesOf(own)]))
    const repeated = all.filter(({ likeness }) => likeness !== 'none')
    const different = all.filter(({ likeness }) => likeness === 'none')
    return {
      repeated: by(repeated, ({ data, of }) => `${data}, ${of}`),
      byLikeness: by(repeated, ({ data, likeness }) => `${data}, ${likeness}`),
      different: by(different, ({ data, of }) => `${data}, ${of}`),
    }
  },
})

type Scene = {
  readonly of: string
  readonly likeness: string
  /** As what it should be named; undefined where nothing repeats. */
  readonly kind: Repeats['kind'] | undefined
  /** Batches; as the study says where it is absent. */
  readonly times?: number
  readonly draw: (random: Random) => DrawnImage[]
}

/** Where the copies of a frame are. */
type Copies = {
  readonly view: View
  readonly rowOf: (frame: number, copy: number) => number
  readonly isExact: boolean
}

function drawImages(view: View, size: number, random: Random): DrawnImage[] {
  return Array.from(random.sample(rowCount(view), size), (row) => ({ view, row, hash: 1e6 + row }))
}

/** Copies of frames in place of some of the images. */
function withCopies(
  images: readonly DrawnImage[],
  frameOf: (i: number) => number | null,
  { copy, random }: { readonly copy: Copies; readonly random: Random },
): DrawnImage[] {
  const frames = random.permutation(FRAMES)
  const times = new Map<number, number>()
  return images.map((image, i) => {
    const frame = frameOf(i)
    if (frame === null) return image
    const time = times.get(frame) ?? 0
    times.set(frame, time + 1)
    const row = copy.rowOf(frames[frame], time)
    return { view: copy.view, row, hash: copy.isExact ? row : 2e6 + row }
  })
}

function sharesOf(counts: readonly Count[]) {
  const sum = (of: (one: Count) => number) => counts.reduce((all, one) => all + of(one), 0)
  const batches = sum((one) => one.batches)
  const named = sum((one) => one.named)
  const { low, high } = wilsonInterval(named, batches)
  return {
    batches,
    namedFirst: rate(named, batches),
    interval: [low, high],
    asWhatItIs: rate(
      sum(({ rightly }) => rightly),
      batches,
    ),
    drift: rate(
      sum(({ drift }) => drift),
      batches,
    ),
  }
}

function lookAt(baseline: Baseline, batch: ReturnType<typeof batchOfImages>): Judgement {
  return judge(baseline, batch, completePolicy({ kind: 'false-alarm-rate', rate: 0.01 }))
}

/** Headline, summary and findings begin with it. */
function isNamedFirst(judgement: Judgement): boolean {
  const { repeats } = judgement
  if (repeats === undefined) return false
  const told = tellRepeats(repeats).slice(1)
  const { summary, findings, headline } = describe(judgement)
  return (
    summary.slice(1).startsWith(told) &&
    findings[0]?.slice(1) === told &&
    !/^(These images have drifted|No )/.test(headline)
  )
}
