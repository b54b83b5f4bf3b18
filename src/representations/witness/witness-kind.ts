import { constantParameters, denseLayer, FREE, ops } from '../../engine/index.ts'
import { DriftError } from '../../errors.ts'
import type { GradedChange } from '../../images/index.ts'
import { concatenateValues, createRandom, tensor } from '../../tensor/index.ts'
import { wholeRows } from '../feature-table.ts'
import { requireInput } from '../inputs.ts'
import { lazySession } from '../lazy-session.ts'
import { fitGaussianiser, knotCount } from '../outlier-score/gaussianiser.ts'
import type { FeatureColumn, FeatureTable, Representation } from '../representation.ts'
import type { Learning, RepresentationKind } from '../representation-kind.ts'
import {
  decodeFloats,
  decodeJson,
  encodeFloats,
  encodeJson,
  type SavedFiles,
} from '../saved-files.ts'
import { drawExamples } from './draw-examples.ts'
import { encode, type Encoding, encodingOf } from './encoding.ts'
import { fitWeights } from './fit-weights.ts'
import { knownChanges } from './known-changes.ts'

const kind = 'witness'
const headerFile = 'witness.json'
const fileNames = {
  knots: 'witness.knots.f32',
  scores: 'witness.scores.f32',
  scales: 'witness.scales.f32',
  means: 'witness.means.f32',
  perUnit: 'witness.per-unit.f32',
  weights: 'witness.weights.f32',
} as const

type Named = Pick<GradedChange, 'name'>

type Fitted = {
  /** Columns that are weighed. */
  readonly inputs: readonly string[]
  readonly changes: readonly Named[]
  readonly encoding: Encoding
  /** 2 · inputs × (1 + changes), then as many offsets. */
  readonly weights: Float32Array
}

/** What a witness is fitted with. */
export type WitnessLearning = Pick<
  Learning,
  'training' | 'shape' | 'seed' | 'measure' | 'trainer'
> & {
  /** Default: all graded ones that the shape allows. */
  readonly changes?: readonly GradedChange[]
}

/** Learns, of training images changed on purpose, what known changes leave in the columns. */
export async function fitWitness({
  training,
  shape,
  seed,
  measure,
  trainer,
  changes = knownChanges(shape),
}: WitnessLearning): Promise<Representation> {
  const clean = await measure(undefined)
  const random = createRandom(seed)
  const size = clean.columns.length
  const encoding = encodingOf(fitGaussianiser(clean.values, size), clean.values)
  const parts: Float32Array[] = []
  const labels: number[] = []
  for await (const { pixels, label } of drawExamples(training.pixels, changes, random)) {
    const { values, rows } = await measure(pixels)
    parts.push(encode(encoding, wholeRows(values, size)))
    for (let row = 0; row < rows; row++) labels.push(label)
  }
  const weights = await fitWeights(
    {
      width: 2 * size,
      classes: 1 + changes.length,
      rows: concatenateValues(parts),
      labels: Uint8Array.from(labels),
    },
    { seed, signal: trainer?.signal },
  )
  return witnessOf({ inputs: namesOf(clean), changes, encoding, weights })
}

function namesOf({ columns }: FeatureTable): string[] {
  return columns.map(({ name }) => name)
}

/** A run costs as much as the odds of some hundred rows. */
const ROWS_PER_RUN = 1024

function witnessOf(fitted: Fitted): Representation {
  const { inputs, changes, encoding, weights } = fitted
  const columns = changes.map(columnOf)
  const input = ops.input('rows', [FREE, 2 * inputs.length])
  const layer = denseLayer(2 * inputs.length, 1 + changes.length)
  const logits = layer.apply(input, constantParameters(weights, layer.parameters), {})
  const part = (start: number, end: number) =>
    ops.slice(logits, { axes: [1], starts: [start], ends: [end] })
  const session = lazySession({
    name: 'pixeldrift-witness',
    input,
    inputName: 'rows',
    outputs: { odds: ops.sub(part(1, 1 + changes.length), part(0, 1)) },
    rowsPerRun: ROWS_PER_RUN,
  })
  return {
    kind,
    columns,
    needs: { of: 'columns', names: inputs },
    measureInto: async (given, { values, stride, offset }) => {
      const source = requireInput(given, 'columns')
      if (source.columns.length !== inputs.length) {
        throw new RangeError(`expected ${inputs.length} columns, got ${source.columns.length}`)
      }
      const rowsOf = (start: number, end: number) =>
        tensor([end - start, 2 * inputs.length], encode(encoding, source, { start, end }))
      await session.run({ count: source.rows, part: rowsOf }, ({ odds }, start) => {
        const count = odds.data.length / columns.length
        for (let row = 0; row < count; row++) {
          const own = odds.data.subarray(row * columns.length, (row + 1) * columns.length)
          values.set(own, (start + row) * stride + offset)
        }
      })
    },
    save: () => save(fitted),
    close: () => session.close(),
  }
}

function columnOf({ name }: Named): FeatureColumn {
  return {
    name: `witness-${name}`,
    group: 'witness',
    title: `signs of a known change (${name.replaceAll('-', ' ')})`,
  }
}

function save({ inputs, changes, encoding, weights }: Fitted): SavedFiles {
  const { map, means, perUnit } = encoding
  return new Map([
    [headerFile, encodeJson({ inputs, changes: changes.map(({ name }) => ({ name })) })],
    [fileNames.knots, encodeFloats(map.knots)],
    [fileNames.scores, encodeFloats(map.scores)],
    [fileNames.scales, encodeFloats(map.scales)],
    [fileNames.means, encodeFloats(means)],
    [fileNames.perUnit, encodeFloats(perUnit)],
    [fileNames.weights, encodeFloats(weights)],
  ])
}

function loadWitness(files: SavedFiles): Representation {
  const header = decodeJson(files, headerFile)
  const { inputs, changes } = header
  if (!Array.isArray(inputs) || !Array.isArray(changes)) {
    throw new DriftError('artifact.corrupt', `expected inputs and changes in ${headerFile}`)
  }
  const size = inputs.length
  const floats = (name: keyof typeof fileNames, count: number): Float32Array =>
    decodeFloats(files, fileNames[name], count)
  return witnessOf({
    inputs: inputs as string[],
    changes: changes as Named[],
    encoding: {
      map: {
        size,
        knots: floats('knots', size * knotCount),
        scores: floats('scores', size * knotCount),
        scales: floats('scales', size),
      },
      means: floats('means', size),
      perUnit: floats('perUnit', size),
    },
    weights: floats('weights', (2 * size + 1) * (1 + changes.length)),
  })
}

/** Log-odds of known changes, by the columns of the kinds before it. */
export const witnessKind: RepresentationKind = {
  name: kind,
  file: headerFile,
  isLater: true,
  fit: (learning) => fitWitness(learning),
  load: loadWitness,
}
