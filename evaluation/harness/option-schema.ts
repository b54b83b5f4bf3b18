/** Options of a study or benchmark: declared once, read from the command line, typed from the declaration. */
import { parseArgs } from 'node:util'
import { DriftError } from '../../src/errors.ts'

type Spec<Kind extends string, Value> = {
  readonly kind: Kind
  readonly default: Value
  /** Value under `--quick`. */
  readonly quick?: Value
  /** It says which result is made, not how thoroughly: any value of it belongs to a full run. */
  readonly selects?: boolean
  readonly description: string
}

/** One option; lists are written with commas, integers also as ranges: `0-4,7`. */
export type OptionSpec =
  | Spec<'integer', number>
  | Spec<'integers', readonly number[]>
  | Spec<'number', number>
  | (Spec<'choice', string> & { readonly choices: readonly string[] })
  | (Spec<'choices', readonly string[]> & { readonly choices: readonly string[] })

/** Long option names without the dashes. */
export type OptionSchema = Readonly<Record<string, OptionSpec>>

type ValueOf<S> = S extends { kind: 'integer' | 'number' }
  ? number
  : S extends { kind: 'integers' }
    ? readonly number[]
    : S extends { kind: 'choice'; choices: readonly (infer Choice)[] }
      ? Choice
      : S extends { kind: 'choices'; choices: readonly (infer Choice)[] }
        ? readonly Choice[]
        : never

/** The values that a schema describes. */
export type OptionValues<S extends OptionSchema> = { readonly [K in keyof S]: ValueOf<S[K]> }

/** Values from command-line words; what isn't said takes its `--quick` or its default value. */
export function parseOptions<S extends OptionSchema>(
  schema: S,
  words: readonly string[],
  { quick }: { readonly quick: boolean },
): OptionValues<S> {
  const given = parseWords(schema, words)
  const values = Object.entries(schema).map(([name, spec]) => {
    const text = given[name]
    const fallback = quick ? (spec.quick ?? spec.default) : spec.default
    return [name, text === undefined ? fallback : readValue(name, spec, text)]
  })
  return Object.fromEntries(values) as OptionValues<S>
}

/** True when every option that doesn't select has its default value: a full run, whose figures are kept. */
export function isFullRun(
  schema: OptionSchema,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(schema).every(
    ([name, spec]) =>
      spec.selects === true || JSON.stringify(values[name]) === JSON.stringify(spec.default),
  )
}

/** One line per option, for `--help`. */
export function describeOptions(schema: OptionSchema): string {
  return Object.entries(schema)
    .map(([name, spec]) => {
      const choices = 'choices' in spec ? ` One of ${spec.choices.join(', ')}.` : ''
      return `  --${name.padEnd(18)}${spec.description}${choices} Default ${String(spec.default)}.`
    })
    .join('\n')
}

function parseWords(
  schema: OptionSchema,
  words: readonly string[],
): Record<string, string | undefined> {
  const names = Object.keys(schema)
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    return { ...parseArgs({ args: [...words], options, allowPositionals: false }).values }
  } catch (cause) {
    const hint = names.length > 0 ? `Options are: --${names.join(', --')}.` : 'It takes no options.'
    throw new DriftError('config.invalid', (cause as Error).message, { hint, cause })
  }
}

function readValue(name: string, spec: OptionSpec, text: string): unknown {
  switch (spec.kind) {
    case 'integer':
      return readNumber(name, text, Number.isSafeInteger)
    case 'number':
      return readNumber(name, text, Number.isFinite)
    case 'integers':
      return text.split(',').flatMap((part) => readRange(name, part))
    case 'choice':
      return readChoice(name, text, spec.choices)
    case 'choices':
      return text.split(',').map((part) => readChoice(name, part, spec.choices))
  }
}

function readNumber(name: string, text: string, accepts: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (accepts(value)) return value
  throw new DriftError('config.invalid', `expected a number for --${name}, got "${text}"`)
}

function readRange(name: string, text: string): number[] {
  const [first = '', last = first] = text.split('-')
  const from = readNumber(name, first, Number.isSafeInteger)
  const to = readNumber(name, last, Number.isSafeInteger)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

function readChoice(name: string, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text
  const message = `expected one of ${choices.join(', ')} for --${name}, got "${text}"`
  throw new DriftError('config.invalid', message)
}
