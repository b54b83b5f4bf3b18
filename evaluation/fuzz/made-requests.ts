import type { Random } from '../../src/tensor/index.ts'
import { hostileValue, pick, type Schema, valueOf } from './hostile-values.ts'

/** A request as it is sent; `marker` stands in it, and in no other. */
export type MadeRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly marker: string
}

type Parameter = { readonly name: string; readonly in: string; readonly schema?: Schema }

/** A route of an OpenAPI document. */
export type Operation = {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
  readonly types: readonly string[]
}

type ApiDocument = {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly Parameter[]
            readonly requestBody?: {
              readonly content: Readonly<Record<string, { readonly schema?: Schema }>>
            }
          }
        >
      >
    >
  >
}

/** All routes of a document but those that never end. */
export function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      if (path === '/v1/live') return []
      const content = requestBody?.content ?? {}
      const body = content['application/json']?.schema
      return [{ method, path, parameters, body, types: Object.keys(content) }]
    }),
  )
}

const TYPES = [
  'application/json',
  'application/octet-stream',
  'image/png',
  'image/jpeg',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  '*/*',
  '',
]

export type MakeOptions = {
  readonly random: Random
  readonly marker: string
  readonly authorization: string
  /** Images of which some are damaged. */
  readonly image: () => Uint8Array
}

/** A request of a route, more or less as the document asks for it. */
export function makeRequest(
  { method, path, parameters, body, types }: Operation,
  { random, marker, authorization, image }: MakeOptions,
): MadeRequest {
  const named = new Map(parameters.map((one) => [one.name, one]))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encode(pathValue(name, named.get(name)?.schema, random), random),
  )
  const query = parameters
    .filter((one) => one.in === 'query' && one.name !== 'waitMs' && random.uniform() < 0.4)
    .map(({ name, schema }) => `${name}=${encode(valueOf(schema ?? {}, random), random)}`)
  // Ten seconds, unless they are stated.
  if (query.some((one) => one.startsWith('wait='))) query.push(`waitMs=${random.integer(300)}`)
  const address = `${filled}?${[...query, ...(random.uniform() < 0.05 ? [`${marker}=1`] : [])].join('&')}`
  const isImages = path.endsWith('/images') && method === 'post'
  const made = isImages ? imageBody(random, marker, image) : jsonBody(body, random, marker)
  const headers: Record<string, string> = {
    ...(random.uniform() < 0.97 && { authorization }),
    ...(made !== undefined && {
      'content-type': random.uniform() < 0.9 ? made.type : pick([...TYPES, ...types], random),
    }),
    ...(random.uniform() < 0.02 && { 'last-event-id': String(hostileValue(random)).slice(0, 9) }),
  }
  return {
    method: random.uniform() < 0.97 ? method.toUpperCase() : pick(METHODS, random),
    path: address.replace(/\?$/, ''),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[^\x20-\x7e]/g, '')]),
    ),
    body: made?.bytes,
    marker,
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']

function pathValue(name: string, schema: Schema | undefined, random: Random): unknown {
  if (name === 'monitor' && random.uniform() < 0.8) return 'm'
  if (name === 'number' && random.uniform() < 0.6) return random.integer(50)
  return valueOf(schema ?? {}, random)
}

function encode(value: unknown, random: Random): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  if (random.uniform() < 0.02) return '%zz%00%ff'
  return encodeURIComponent(text.toWellFormed()).slice(0, 3000)
}

type Made = { readonly type: string; readonly bytes: Uint8Array }

function jsonBody(schema: Schema | undefined, random: Random, marker: string): Made | undefined {
  if (schema === undefined && random.uniform() < 0.8) return undefined
  const value = valueOf(schema ?? {}, random)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const marked = isObject && random.uniform() < 0.1 ? { ...value, [marker]: marker } : value
  return { type: 'application/json', bytes: broken(JSON.stringify(marked) ?? '', random) }
}

/** Now and then text that is no JSON. */
function broken(text: string, random: Random): Buffer {
  if (random.uniform() > 0.06) return Buffer.from(text)
  const at = random.integer(text.length + 1)
  return Buffer.from(text.slice(0, at) + pick(['', '}', '\xff', '{"__proto__":{}}', ','], random))
}

function imageBody(random: Random, marker: string, image: () => Uint8Array): Made {
  const facts = (i: number) => ({
    predictionId: `${marker} ${i}`,
    ...(random.uniform() < 0.3 && { source: pick(['left', 'right'], random) }),
    ...(random.uniform() < 0.1 && { probabilities: hostileValue(random) }),
    ...(random.uniform() < 0.05 && { attributes: hostileValue(random) }),
  })
  const count = 1 + random.integer(3)
  switch (random.integer(3)) {
    case 0:
      return { type: pick(['image/png', 'application/octet-stream'], random), bytes: image() }
    case 1: {
      const images = Array.from({ length: count }, (_, i) => ({
        ...facts(i),
        image: Buffer.from(image()).toString('base64'),
      }))
      return { type: 'application/json', bytes: broken(JSON.stringify({ images }), random) }
    }
    default: {
      const said = JSON.stringify(Array.from({ length: count }, (_, i) => facts(i)))
      const parts = [
        Buffer.from(`--b\r\ncontent-disposition: form-data; name="facts"\r\n\r\n${said}\r\n`),
        ...Array.from({ length: count }, () =>
          Buffer.concat([
            Buffer.from('--b\r\ncontent-disposition: form-data; name="i"; filename="i"\r\n\r\n'),
            image(),
            Buffer.from('\r\n'),
          ]),
        ),
      ]
      const whole = Buffer.concat([...parts, Buffer.from('--b--\r\n')])
      const bytes = random.uniform() < 0.9 ? whole : whole.subarray(0, random.integer(whole.length))
      return { type: 'multipart/form-data; boundary=b', bytes }
    }
  }
}
