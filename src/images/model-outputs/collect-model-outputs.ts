import { DriftError } from '../../errors.ts'
import { concatenateValues, tensor } from '../../tensor/index.ts'
import {
  MODEL_OUTPUT_NAMES,
  type ModelOutputName,
  modelOutputNamesOf,
  type ModelOutputs,
} from './model-outputs.ts'

/** One output for one image, and where it stands, for messages. */
export type ModelOutput = { readonly values: Float32Array; readonly where: string }

/** One image's outputs. */
export type ModelOutputRow = { readonly [name in ModelOutputName]?: ModelOutput }

/** Gathers the model outputs of the images of one reading, batch by batch. */
export type ModelOutputCollector = {
  /** Of the next readable image; `where` names it. Throws DriftError('model-outputs.invalid'). */
  add(row: ModelOutputRow, where: string): void
  /** Those added since the last call. */
  take(): ModelOutputs
}

/** The first image decides which outputs there are and how long they are. */
export function collectModelOutputs(): ModelOutputCollector {
  let lengths: Lengths | undefined
  let gathered: Float32Array[][] = MODEL_OUTPUT_NAMES.map(() => [])
  return {
    add(row, where) {
      lengths ??= lengthsOf(row)
      for (const [i, name] of MODEL_OUTPUT_NAMES.entries()) {
        const output = row[name]
        requirePresence({ name, isThere: output !== undefined, wanted: lengths[name], where })
        if (output === undefined) continue
        requireLength(name, output, lengths[name])
        requireValues(name, output)
        gathered[i].push(output.values)
      }
    },
    take() {
      const entries = MODEL_OUTPUT_NAMES.flatMap((name, i) =>
        gathered[i].length === 0 ? [] : [[name, stack(gathered[i])] as const],
      )
      gathered = MODEL_OUTPUT_NAMES.map(() => [])
      return Object.fromEntries(entries)
    },
  }
}

type Lengths = { readonly [name in ModelOutputName]?: number }

/** Rounded probabilities of many classes may miss 1 by this much. */
const SUM_TOLERANCE = 0.05
const RANGE_TOLERANCE = 1e-4

/** Throws DriftError('model-outputs.invalid') when probabilities and logits are among the names: both say the same. */
export function requireOneOutput(names: readonly ModelOutputName[], where: string): void {
  if (!names.includes('probabilities') || !names.includes('logits')) return
  throw new DriftError(
    'model-outputs.invalid',
    `expected probabilities or logits, got both in ${where}`,
    {
      hint: 'Leave one of the two out: probabilities are the softmax of the logits.',
    },
  )
}

function lengthsOf(row: ModelOutputRow): Lengths {
  const names = modelOutputNamesOf(row)
  requireOneOutput(names, row.logits?.where ?? '')
  return Object.fromEntries(names.map((name) => [name, row[name]?.values.length]))
}

function stack(rows: readonly Float32Array[]) {
  return tensor([rows.length, rows[0].length], concatenateValues(rows))
}

type Presence = {
  readonly name: ModelOutputName
  readonly isThere: boolean
  readonly wanted: number | undefined
  readonly where: string
}

function requirePresence({ name, isThere, wanted, where }: Presence): void {
  if (isThere === (wanted !== undefined)) return
  const [before, got] = isThere ? ['none', 'some'] : ['some', 'none']
  throw new DriftError(
    'model-outputs.invalid',
    `expected ${name} for every image or for none, got ${before} before and ${got} in ${where}`,
    { hint: 'Give every readable image its own, or leave the column out.' },
  )
}

function requireLength(name: ModelOutputName, { values, where }: ModelOutput, wanted = 0): void {
  const fewest = name === 'embeddings' ? 2 : 1
  if (values.length === wanted && wanted >= fewest) return
  const length =
    wanted < fewest ? `at least ${fewest} numbers` : `${wanted} numbers like the first image’s`
  const message = `expected ${name} of ${length}, got ${values.length} in ${where}`
  throw new DriftError('model-outputs.invalid', message, {
    hint: 'All of them have to come from one model, whole, in one order of its outputs.',
  })
}

function requireValues(name: ModelOutputName, { values, where }: ModelOutput): void {
  const bad = values.find((value) => !Number.isFinite(value))
  if (bad !== undefined) {
    throw new DriftError(
      'model-outputs.invalid',
      `expected finite ${name}, got ${bad} in ${where}`,
      {
        hint: 'Look into the model that made them; numbers beyond float32 become infinite too.',
      },
    )
  }
  if (name !== 'probabilities') return
  const outside = values.find((value) => value < -RANGE_TOLERANCE || value > 1 + RANGE_TOLERANCE)
  if (outside !== undefined) throw notProbabilities(`in [0, 1], got ${short(outside)}`, where)
  const sum = values.reduce((total, value) => total + value, 0)
  if (values.length > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw notProbabilities(`that sum to 1, got a sum of ${short(sum)}`, where)
  }
}

function notProbabilities(what: string, where: string): DriftError {
  return new DriftError('model-outputs.invalid', `expected probabilities ${what} in ${where}`, {
    hint: 'Probabilities are what a softmax gives; give scores before it as logits.',
  })
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
