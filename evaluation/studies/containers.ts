import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fit } from '../../src/detector/index.ts'
import { FILE_TRAITS } from '../../src/file-properties.ts'
import { openImages } from '../../src/images/index.ts'
import { CONTAINERS, makePicture, type Picture } from '../containers/write-containers.ts'
import { loadCifar10, missingCifar10 } from '../data/cifar10.ts'
import { defineStudy, type Outcome } from '../harness/study.ts'

type Cell = {
  readonly side: number
  readonly fitted: number
  readonly checked: number
  /** The container that the reference comes in. */
  readonly reference: string
}

type Checked = {
  readonly container: string
  /** Whether the files themselves, looked at by the detector that tolerates nothing, alarmed on their own account. */
  readonly isFileTold: boolean
  readonly severity: string
  readonly pValue: number | null
  readonly score: number
}

type Result = { readonly detector: string; readonly verdicts: readonly Checked[] }

/** A group that is surer is told. */
const FILE_LEVEL = 0.01

/** Images are reduced to this. */
const WORKING_SIDE = 32

/** Does it matter in what files or numbers images come? */
export const study = defineStudy({
  title: 'The same pixels in every container',
  description:
    'Photographs (CIFAR-10) as JPEG, and the pixels of those JPEGs in eleven other containers, below, at and above the working size of 32: detectors fitted on each of three containers check all twelve. What is said of the pixels, by detectors that tolerate every change of the files themselves, is to be equal: verdicts, p-values and scores. Detectors that tolerate nothing look at the files too, and are to say that these changed exactly where both sides came as files and of another format or bit depth (`file` figures): the container is told, and by the group on files alone.',
  revision: 2,
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
      const settings = { workingSide: WORKING_SIDE, epochs: 2, seed: 1, threads }
      const detector = await fit(source, { ...settings, tolerateFiles: [...FILE_TRAITS] })
      const strict = await fit(source, settings)
      const verdicts: Checked[] = []
      for (const { name } of CONTAINERS) {
        const batch = await written(join(folder, name), pictures.slice(fitted), name)
        const { judgement } = await detector.check(batch, { seed: 1 })
        const { severity, pValue, score } = judgement
        const { groups } = (await strict.check(batch, { seed: 1 })).judgement
        const isFileTold = groups.some(
          (one) => one.group.startsWith('file') && one.pValue <= FILE_LEVEL,
        )
        verdicts.push({ container: name, severity, pValue, score, isFileTold })
      }
      await strict.close()
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
        ...fileFigures(own),
      }
    }),
})

/** How many checks met files of another format or bit depth, and in how many what was said of files is right. */
function fileFigures(outcomes: readonly Outcome<Cell, Result>[]) {
  const fileOf = new Map(CONTAINERS.map(({ name, file }) => [name, file]))
  const checks = outcomes.flatMap(({ cell, result }) =>
    result.verdicts.map(({ container, isFileTold }) => {
      const [known, own] = [cell.reference, container].map((name) => fileOf.get(name) ?? null)
      return { isOther: known !== null && own !== null && known !== own, isFileTold }
    }),
  )
  return {
    otherFiles: checks.filter(({ isOther }) => isOther).length,
    fileRight: checks.filter(({ isOther, isFileTold }) => isOther === isFileTold).length,
  }
}

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
