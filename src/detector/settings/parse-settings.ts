import { z } from 'zod'
import { DriftError } from '../../errors.ts'

/** How a setting is called where it was given: `policy.rate` in a program, a flag on the command line. */
export type NameSetting = (setting: string) => string

/** Fills in defaults; throws DriftError('config.invalid') naming the setting and what it expects. */
export function parseSettings<T extends z.ZodObject>(
  schema: T,
  input: object,
  nameOf: NameSetting = (setting) => setting,
): z.infer<T> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue.code === 'unrecognized_keys') throw unknownKey(schema, issue, nameOf)
  const got = issue.path.reduce<unknown>((value, key) => (value as Keyed)?.[key], input)
  const setting = issue.path.join('.')
  throw new DriftError(
    'config.invalid',
    `expected ${nameOf(setting)} to be ${describeExpected(issue)}, got ${describeGot(got)}`,
  )
}

type Keyed = Readonly<Record<PropertyKey, unknown>>
type Issue = z.core.$ZodIssue

function describeExpected(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`
    case 'invalid_type':
      return `of type ${issue.expected}`
    case 'invalid_union':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'custom':
      return `valid (${issue.message})`
  }
}

function describeGot(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function unknownKey(
  schema: z.ZodType,
  { path, keys }: z.core.$ZodIssueUnrecognizedKeys,
  nameOf: NameSetting,
): DriftError {
  const [got = ''] = keys
  const known = knownKeys(schema, path)
  const message = `expected a known setting, got ${nameOf([...path, got].join('.'))}`
  if (known.length === 0) return new DriftError('config.invalid', message)
  const hint = `Did you mean ${nearest(got, known)}? Known are ${known.join(', ')}.`
  return new DriftError('config.invalid', message, { hint })
}

/** Keys of the object at `path` inside a schema, of all that may stand there; none where there is no object. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<readonly unknown[]>(
    (all, key) => all.flatMap((at) => within(at, key)),
    bare(schema),
  )
  const objects = found.filter((at) => at instanceof z.ZodObject)
  return [...new Set(objects.flatMap(({ shape }) => Object.keys(shape as object)))]
}

function within(at: unknown, key: PropertyKey): readonly unknown[] {
  if (at instanceof z.ZodArray) return bare(at.element)
  return at instanceof z.ZodObject ? bare(at.shape[key as string]) : []
}

/** The schemas behind defaults and alternatives. */
function bare(schema: unknown): readonly unknown[] {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return bare(schema.unwrap())
  }
  return schema instanceof z.ZodUnion ? schema.options.flatMap(bare) : [schema]
}

function nearest(word: string, known: readonly string[]): string {
  return known.reduce((best, candidate) =>
    editDistance(word, candidate) < editDistance(word, best) ? candidate : best,
  )
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1))
    }
    row = next
  }
  return row[b.length]
}
