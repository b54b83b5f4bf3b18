import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fit } from '../../src/detector/index.ts'
import { openImages } from '../../src/images/index.ts'
import { CONTAINERS, makePicture, type Picture } from '../containers/write-containers.ts'
import { loadCifar10, missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = {
  readonly side: number
  readonly fitted: number
  readonly checked: number
  /** The container that the reference comes in. */
  readonly reference: string
}

type Checked = {
  readonly container: string
  readonly severity: string
  readonly pValue: number | null
  readonly score: number
}

type Result = { readonly detector: string; readonly verdicts: readonly Checked[] }

/** Images are reduced to this. */
const WORKING_SIDE = 32

/** Does it matter in what files or numbers images come? */
export const study = defineStudy({
  title: 'The same pixels in every container',
  description:
    'Photographs (CIFAR-10) as JPEG, and the pixels of those JPEGs in eleven other containers, below, at and above the working size of 32: detectors fitted on each of three containers check all twelve; verdicts, p-values and scores are to be equal.',
  revision: 1,
  skipReason: missingCifar10,
  options: {
    sides: {
      kind: 'integers',
      default: [24, 32, 100],
      quick: [24],
      description: 'sides of the pictures in pixels',
    },
    fitted: { kind: 'integer', default: 600, quick: 300, description: 'images handed to fit' },
    checked: { kind: 'integer', default: 60, description: 'images in the batch' },
  },
  cells: ({ sides, fitted, checked }): Cell[] =>
    sides.flatMap((side) =>
      ['jpeg', 'tiff, 16 bits, deflate', 'npy, float32'].map((reference) => ({
        side,
        fitted,
        checked,
        reference,
      })),
    ),
  run: async ({ side, fitted, checked, reference }: Cell, { threads }): Promise<Result> => {
    const folder = await mkdtemp(join(tmpdir(), 'containers-'))
    try {
      const pictures = await photographs(fitted + checked, side)
      const source = await written(join(folder, 'reference'), pictures.slice(0, fitted), reference)
      const detector = await fit(source, { workingSide: WORKING_SIDE, epochs: 2, seed: 1, threads })
      const verdicts: Checked[] = []
      for (const { name } of CONTAINERS) {
        const batch = await written(join(folder, name), pictures.slice(fitted), name)
        const { judgement } = await detector.check(batch, { seed: 1 })
        const { severity, pValue, score } = judgement
        verdicts.push({ container: name, severity, pValue, score })
      }
      await detector.close()
      return { detector: detector.manifest.id, verdicts }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  summarise: (outcomes, { sides }) =>
    sides.map((side) => {
      const own = outcomes.filter(({ cell }) => cell.side === side)
      const verdicts = own.flatMap(({ result }) => result.verdicts)
      const [{ severity, pValue, score }] = verdicts
      return {
        side,
        containers: new Set(verdicts.map(({ container }) => container)).size,
        checks: verdicts.length,
        equal: verdicts.filter(
          (one) => one.severity === severity && one.pValue === pValue && one.score === score,
        ).length,
        detectors: new Set(own.map(({ result }) => result.detector)).size,
        severity,
        pValue,
      }
    }),
})

async function written(path: string, pictures: readonly Picture[], name: string) {
  await CONTAINERS.find((container) => container.name === name)?.write(path, pictures)
  return openImages(path)
}

async function photographs(count: number, side: number): Promise<Picture[]> {
  const { pixels, shape } = await loadCifar10('test')
  const area = shape.height * shape.width
  const size = shape.channels * area
  return Promise.all(
    Array.from({ length: count }, async (_, row) => {
      const bytes = Uint8Array.from(
        { length: size },
        (__, i) =>
          pixels[row * size + (i % shape.channels) * area + Math.floor(i / shape.channels)],
      )
      return makePicture(bytes, shape.width, side)
    }),
  )
}
