import { DriftError } from '../../errors.ts'
import { concatenateValues, tensor } from '../../tensor/index.ts'
import { type GivenVectors, vectorNamesOf, VECTOR_NAMES, type VectorName } from './given-vectors.ts'

/** A vector of one image, and where it stands, for messages. */
export type GivenVector = { readonly values: Float32Array; readonly where: string }

/** One image's vectors. */
export type GivenRow = { readonly [name in VectorName]?: GivenVector }

/** Gathers the vectors of the images of one reading, batch by batch. */
export type VectorCollector = {
  /** Of the next readable image; `where` names it. Throws DriftError('vector.invalid'). */
  add(row: GivenRow, where: string): void
  /** Those added since the last call. */
  take(): GivenVectors
}

/** The first image decides which vectors there are and how long they are. */
export function collectVectors(): VectorCollector {
  let lengths: Lengths | undefined
  let gathered: Float32Array[][] = VECTOR_NAMES.map(() => [])
  return {
    add(row, where) {
      lengths ??= lengthsOf(row)
      for (const [i, name] of VECTOR_NAMES.entries()) {
        const vector = row[name]
        requirePresence({ name, isThere: vector !== undefined, wanted: lengths[name], where })
        if (vector === undefined) continue
        requireLength(name, vector, lengths[name])
        requireValues(name, vector)
        gathered[i].push(vector.values)
      }
    },
    take() {
      const entries = VECTOR_NAMES.flatMap((name, i) =>
        gathered[i].length === 0 ? [] : [[name, stack(gathered[i])] as const],
      )
      gathered = VECTOR_NAMES.map(() => [])
      return Object.fromEntries(entries)
    },
  }
}

type Lengths = { readonly [name in VectorName]?: number }

/** Rounded probabilities of many classes may miss 1 by this much. */
const SUM_TOLERANCE = 0.05
const RANGE_TOLERANCE = 1e-4

/** Throws DriftError('vector.invalid') when probabilities and logits are among the names: both say the same. */
export function requireOneOutput(names: readonly VectorName[], where: string): void {
  if (!names.includes('probabilities') || !names.includes('logits')) return
  throw new DriftError('vector.invalid', `expected probabilities or logits, got both in ${where}`, {
    hint: 'Leave one of the two out: probabilities are the softmax of the logits.',
  })
}

function lengthsOf(row: GivenRow): Lengths {
  const names = vectorNamesOf(row)
  requireOneOutput(names, row.logits?.where ?? '')
  return Object.fromEntries(names.map((name) => [name, row[name]?.values.length]))
}

function stack(rows: readonly Float32Array[]) {
  return tensor([rows.length, rows[0].length], concatenateValues(rows))
}

type Presence = {
  readonly name: VectorName
  readonly isThere: boolean
  readonly wanted: number | undefined
  readonly where: string
}

function requirePresence({ name, isThere, wanted, where }: Presence): void {
  if (isThere === (wanted !== undefined)) return
  const [before, got] = isThere ? ['none', 'some'] : ['some', 'none']
  throw new DriftError(
    'vector.invalid',
    `expected ${name} for every image or for none, got ${before} before and ${got} in ${where}`,
    { hint: 'Give every readable image its own, or leave the column out.' },
  )
}

function requireLength(name: VectorName, { values, where }: GivenVector, wanted = 0): void {
  const fewest = name === 'embeddings' ? 2 : 1
  if (values.length === wanted && wanted >= fewest) return
  const length =
    wanted < fewest ? `at least ${fewest} numbers` : `${wanted} numbers like the first image’s`
  const message = `expected ${name} of ${length}, got ${values.length} in ${where}`
  throw new DriftError('vector.invalid', message, {
    hint: 'All vectors have to come from one model, whole, in one order of its outputs.',
  })
}

function requireValues(name: VectorName, { values, where }: GivenVector): void {
  const bad = values.find((value) => !Number.isFinite(value))
  if (bad !== undefined) {
    throw new DriftError('vector.invalid', `expected finite ${name}, got ${bad} in ${where}`, {
      hint: 'Look into the model that made them; numbers beyond float32 become infinite too.',
    })
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
  return new DriftError('vector.invalid', `expected probabilities ${what} in ${where}`, {
    hint: 'Probabilities are what a softmax gives; give scores before it as logits.',
  })
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
