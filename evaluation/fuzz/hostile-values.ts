import type { Random } from '../../src/tensor/index.ts'

/** What is used of a JSON schema. */
export type Schema = {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

/** One of several. */
export function pick<T>(all: readonly T[], random: Random): T {
  return all[random.integer(all.length)]
}

/** Texts that something careless stumbles over. */
const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  "'; drop table images; --",
  '" or 1=1 --',
  '<script>alert(1)</script>',
  '${process.env}',
  '%s%n%x',
  '\u202E\uFEFF\u0000\uFFFF',
  '\uD800',
  '😀'.repeat(200),
  '__proto__',
  'constructor',
  'true',
  'null',
  'NaN',
  '-0',
  '1e309',
  '9007199254740993',
  '2026-02-30T25:61:61Z',
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '=cmd|calc',
  '\r\nx-injected: 1',
]

/** Values of any kind where another is expected. */
export function hostileValue(random: Random, depth = 0): unknown {
  switch (random.integer(depth > 3 ? 8 : 12)) {
    case 0:
      return null
    case 1:
      return pick([0, -1, 1e308, -1e308, 2 ** 53, -(2 ** 63), 0.1, 1e-320], random)
    case 2:
      return random.uniform() < 0.5
    case 3:
      return 'x'.repeat(random.integer(5000))
    case 4:
    case 5:
    case 6:
    case 7:
      return pick(TEXTS, random)
    case 8:
      return Array.from({ length: random.integer(4) }, () => hostileValue(random, depth + 1))
    case 9:
      return { [pick(TEXTS, random)]: hostileValue(random, depth + 1) }
    case 10:
      return JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown
    default:
      return Array.from({ length: 2000 }, (_, i) => i)
  }
}

/** A value as a schema asks for it, now and then with something else in it. */
export function valueOf(schema: Schema, random: Random, depth = 0): unknown {
  if (random.uniform() < 0.08 || depth > 6) return hostileValue(random)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) return valueOf(pick(alternatives, random), random, depth + 1)
  if (schema.allOf !== undefined) return valueOf(pick(schema.allOf, random), random, depth + 1)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return pick(schema.enum, random)
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.[0] ?? 'any')
  switch (type) {
    case 'object':
      return objectOf(schema, random, depth)
    case 'array':
      return Array.from({ length: random.integer(4) }, () =>
        valueOf(schema.items ?? {}, random, depth + 1),
      )
    case 'integer':
    case 'number':
      return numberOf(schema, random)
    case 'boolean':
      return random.uniform() < 0.5
    case 'string':
      return schema.format === 'date-time'
        ? new Date(random.integer(2 ** 31) * 1000).toISOString()
        : pick(['a', 'm', 'left', 'drift', 'AAAA', ...TEXTS], random)
    default:
      return hostileValue(random)
  }
}

function numberOf({ minimum = -10, maximum = 1000, type }: Schema, random: Random): number {
  const value = minimum + random.uniform() * Math.min(1e6, maximum - minimum)
  return type === 'integer' ? Math.round(value) : value
}

function objectOf(
  { properties = {}, required = [] }: Schema,
  random: Random,
  depth: number,
): Record<string, unknown> {
  const names = Object.keys(properties).filter(
    (name) => random.uniform() < (required.includes(name) ? 0.95 : 0.4),
  )
  const own = names.map((name) => [name, valueOf(properties[name], random, depth + 1)] as const)
  const more = random.uniform() < 0.05 ? [[pick(TEXTS, random), hostileValue(random)] as const] : []
  return Object.fromEntries([...own, ...more])
}
