import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FeatureColumn } from '../../src/representations/index.ts'
import type { CellContext } from '../harness/study.ts'
import type { Shift } from './grids.ts'
import { makeOnce, writeWhole } from './make-once.ts'
import { changePixels } from './change-pixels.ts'
import { loadModels, type Models, modelsFiles } from './models.ts'
import { loadParts, type Parts, type PartsOptions } from './parts.ts'
import { readView, type View, writeView } from './view.ts'

/** What a method looks at: all features of each image, or its pixels. */
export type ViewName = 'features' | 'pixels'

/** The two clean sets, and the test set with every image affected; absent for shifts that change no pixels. */
export type Material = {
  readonly reference: View
  readonly test: View
  readonly changed: View | undefined
}

/** The images of one shuffle, measured on demand. */
export type Subject = {
  readonly seed: number
  readonly columns: readonly FeatureColumn[]
  readonly testLabels: Uint8Array
  /** Measures and keeps what isn't there yet: minutes for the first, seconds for one more shift. */
  material(shift: Shift, view: ViewName): Promise<Material>
}

/** Counts up when this folder computes otherwise what is kept; the product's changes are in the name too. */
const REVISION = 2
const MEASURED_AT_ONCE = 500

export type SubjectOptions = PartsOptions & CellContext

const opened = new Map<string, Promise<Subject>>()

/** Opens one shuffle, kept in `out/window` and in this process; the models are trained at the first call, in minutes. */
export function openSubject(options: SubjectOptions): Promise<Subject> {
  const { side = '', images, seed, featuresId } = options
  const name = `mnist${side}-${images}-${seed}-r${REVISION}-${featuresId}`
  let subject = opened.get(name)
  if (subject === undefined) opened.set(name, (subject = createSubject(name, options)))
  return subject
}

type Header = { readonly columns: readonly FeatureColumn[]; readonly pixelWidth: number }

async function createSubject(name: string, options: SubjectOptions): Promise<Subject> {
  const folder = fileURLToPath(new URL(`../../out/window/${name}/`, import.meta.url))
  await mkdir(folder, { recursive: true })
  const source = lazily(() => openSource(folder, options))
  await makeOnce(`${folder}subject.json`, async () => {
    const { parts, models } = await source()
    await saveViews(`${folder}reference`, models, parts.validation.pixels)
    await saveViews(`${folder}test`, models, parts.test.pixels)
    await writeWhole(`${folder}labels`, parts.test.labels)
    const [, ...shape] = parts.test.pixels.shape
    const pixelWidth = shape.reduce((product, axis) => product * axis)
    const header: Header = { columns: models.columns, pixelWidth }
    await writeWhole(`${folder}subject.json`, JSON.stringify(header))
  })
  const { columns, pixelWidth } = JSON.parse(
    await readFile(`${folder}subject.json`, 'utf8'),
  ) as Header
  const read = (set: string, view: ViewName): Promise<View> =>
    readView(`${folder}${set}.${view}`, view === 'pixels' ? pixelWidth : columns.length)
  const clean = memoised(read)
  return {
    seed: options.seed,
    columns,
    testLabels: await readFile(`${folder}labels`),
    material: async (shift, view) => {
      if (shift.change !== 'none') {
        await makeOnce(`${folder}${shift.name}.features`, async () => {
          options.log(`seed ${options.seed}: measuring ${shift.name}`)
          const { parts, models } = await source()
          const pixels = await changePixels(shift, parts.test, { models, seed: options.seed })
          await saveViews(folder + shift.name, models, pixels)
        })
      }
      return {
        reference: await clean('reference', view),
        test: await clean('test', view),
        changed: shift.change === 'none' ? undefined : await read(shift.name, view),
      }
    },
  }
}

type Source = { readonly parts: Parts; readonly models: Models }

async function openSource(folder: string, options: SubjectOptions): Promise<Source> {
  const parts = await loadParts(options)
  await modelsFiles(folder, parts, options)
  return { parts, models: await loadModels(folder) }
}

/** The pixels first: that a set's features are there means that all of it is. */
async function saveViews(
  path: string,
  models: Models,
  pixels: { readonly shape: readonly number[]; readonly data: Float32Array },
): Promise<void> {
  const [rows] = pixels.shape
  await writeView(`${path}.pixels`, {
    width: pixels.data.length / rows,
    values: pixels.data,
  })
  const features = await models.measure(pixels, MEASURED_AT_ONCE)
  await writeView(`${path}.features`, { width: models.columns.length, values: features })
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

function memoised<A extends string, B extends string, T>(
  make: (a: A, b: B) => Promise<T>,
): (a: A, b: B) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return (a, b) => {
    const key = `${a} ${b}`
    let value = made.get(key)
    if (value === undefined) made.set(key, (value = make(a, b)))
    return value
  }
}
