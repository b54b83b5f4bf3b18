import { readFile } from 'node:fs/promises'
import { InvalidArgumentError } from '@commander-js/extra-typings'
import type { ClassifierInput } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import { parseCount, parseDecimal } from './number-flags.ts'

type Size = readonly [height: number, width: number]

/** Flags about the user's own classifier. */
export type ClassifierFlags = {
  readonly classifier?: string | undefined
  readonly classifierSize?: Size | undefined
  readonly classifierScale?: number | undefined
  readonly classifierMean?: readonly number[] | undefined
  readonly classifierStd?: readonly number[] | undefined
  readonly classifierLayout?: 'nchw' | 'nhwc' | undefined
  readonly classifierOrder?: 'rgb' | 'bgr' | undefined
  readonly classifierOutput?: string | undefined
  readonly classNames?: string | undefined
  readonly probabilities?: string | undefined
  readonly logits?: string | undefined
}

/** `0.485,0.456,0.406`. */
export function parseNumbers(text: string): number[] {
  const values = text.split(',').map((part) => parseDecimal(part.trim()))
  if (values.every((value) => value !== undefined)) return values
  throw new InvalidArgumentError('Expected numbers separated by commas, such as 0.485,0.456,0.406.')
}

/** `cat,dog,ship`, or a file with a name a line. */
export async function readClassNames(given: string | undefined): Promise<string[] | undefined> {
  if (given === undefined) return undefined
  const text = await readFile(given, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    // Names with commas are no file; a single word was meant as one.
    if (given.includes(',')) return undefined
    const got = cause.code ?? String(cause)
    const message = `expected names with commas between, or a file of them, for --class-names, got ${got} at ${given}`
    throw new DriftError('source.unreadable', message, { cause })
  })
  const names =
    text === undefined
      ? given.split(',')
      : text
          .replace(/^\ufeff/, '')
          .trimEnd()
          .split(/\r?\n/)
  return names.map((name) => name.trim())
}

/** `224` or `224x320`, as height and width. */
export function parseSize(text: string): Size {
  const sides = text.split(/[x×]/)
  const [height, width = height] = sides.map(parseCount)
  if (sides.length <= 2) return [height, width]
  throw new InvalidArgumentError('Expected a height and a width, such as 224 or 224x320.')
}

/** A number other than 0. */
export function parseScale(text: string): number {
  const value = parseDecimal(text)
  if (value !== undefined && value !== 0) return value
  throw new InvalidArgumentError('Expected a number other than 0, such as 255.')
}

/** The classifier the flags name, or undefined when they name none. */
export async function readClassifier(flags: ClassifierFlags): Promise<ClassifierInput | undefined> {
  const { classifier, classifierOutput } = flags
  if (classifier === undefined) {
    requireNoOthers(flags)
    return undefined
  }
  requireNoOutputs(flags)
  const model = await readFile(classifier).catch((cause: NodeJS.ErrnoException) => {
    const got = cause.code ?? String(cause)
    const message = `expected an ONNX model for --classifier, got ${got} at ${classifier}`
    throw new DriftError('source.unreadable', message, { cause })
  })
  return {
    model,
    preprocessing: preprocessingOf(flags),
    output: classifierOutput,
  }
}

function preprocessingOf(flags: ClassifierFlags): NonNullable<ClassifierInput['preprocessing']> {
  return {
    size: flags.classifierSize,
    scale: flags.classifierScale,
    mean: flags.classifierMean,
    std: flags.classifierStd,
    layout: flags.classifierLayout,
    channelOrder: flags.classifierOrder,
  }
}

function requireNoOutputs({ probabilities, logits }: ClassifierFlags): void {
  if (probabilities === undefined && logits === undefined) return
  const flag = probabilities === undefined ? '--logits' : '--probabilities'
  throw new DriftError('config.invalid', `expected --classifier or ${flag}, got both`, {
    hint: `--classifier computes what ${flag} gives; --embeddings may be given beside either.`,
  })
}

function requireNoOthers(flags: ClassifierFlags): void {
  const other = Object.keys(flags).find((name) => name.startsWith('classifier'))
  if (other === undefined) return
  const flag = `--classifier-${other.slice('classifier'.length).toLowerCase()}`
  throw new DriftError('config.invalid', `expected --classifier with ${flag}, got none`)
}
