import { readFileSync } from 'node:fs'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { parseSettings } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import { channelSettingsSchema } from './alerts/index.ts'
import { monitorSettingsSchema } from './watching/index.ts'

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'letters, digits, dots, dashes, at most 63 of them')

const MIB = 1024 * 1024

const monitorSchema = z.strictObject({
  id: name.default('default'),
  /** Path of a file written by fit. */
  detector: z.string().min(1),
  /** Folder whose image files are taken. */
  watch: z.string().min(1).optional(),
  /** The first folder below it names where an image comes from. */
  sourceFromFolder: z.boolean().default(false),
  settings: monitorSettingsSchema.prefault({}),
})

/** Everything a service can be told; every default stands here. */
export const configSchema = z.strictObject({
  /** Folder of the database, unless `database` says another. */
  data: z.string().min(1).default('pixeldrift-data'),
  /** `postgres://user:password@host/name`. */
  database: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  /** The service as others reach it: without it alerts have no links. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  monitors: z.array(monitorSchema).default([]),
  channels: z.array(channelSettingsSchema).default([]),
  /** From one time that channels are told of an open alert to the next; null: once is enough. */
  remindEveryMs: z
    .int()
    .min(60_000)
    .nullable()
    .default(24 * 3600 * 1000),
  /** Webhooks may ask addresses of the own network. */
  allowPrivateWebhooks: z.boolean().default(false),
  /** Processes that decode and measure; default one a core, at most 8. */
  processes: z.int().min(1).max(256).optional(),
  limits: z
    .strictObject({
      imageBytes: z
        .int()
        .min(1)
        .default(20 * MIB),
      /** Of an array, a table or an archive of images, which is read on the disk. */
      bodyBytes: z
        .int()
        .min(1)
        .default(1024 * MIB),
      /** Of requests that are being read. */
      inFlightBytes: z
        .int()
        .min(1)
        .default(256 * MIB),
      /** Of one token, a minute of them at once too; null: as many as it likes. */
      requestsPerMinute: z.int().min(1).nullable().default(6000),
      /** Images that may wait to be counted. */
      waiting: z.int().min(1).default(100_000),
      pixels: z.int().min(1).default(100_000_000),
      /** Of a process that measures. */
      processBytes: z
        .int()
        .min(64 * MIB)
        .default(1536 * MIB),
      /** Of the process that fits a detector. */
      fitBytes: z
        .int()
        .min(256 * MIB)
        .default(4096 * MIB),
      /** For one question to a process. */
      processMs: z.int().min(100).default(60_000),
    })
    .prefault({}),
})

/** What a service is told. */
export type Config = Readonly<z.infer<typeof configSchema>>

/** The same before its defaults are filled in. */
export type ConfigInput = z.input<typeof configSchema>

/** Fills in defaults; throws DriftError('config.invalid') naming the setting, and the nearest known one. */
export function completeConfig(input: object): Config {
  const config = parseSettings(configSchema, input)
  requireDistinct(
    'monitors',
    config.monitors.map(({ id }) => id),
  )
  requireDistinct(
    'channels',
    config.channels.map((channel) => channel.name),
  )
  return config
}

function requireDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((one, i) => names.indexOf(one) !== i)
  if (twice === undefined) return
  throw new DriftError('config.invalid', `expected ${what} of different names, got ${twice} twice`)
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads a YAML file; `${NAME}` within a text stands for a variable of the environment, so that no secret need be in it. */
export function readConfig(path: string, environment: Environment): object {
  const found: unknown = fillIn(parseYaml(path), environment)
  if (found === null || found === undefined) return {}
  if (typeof found === 'object' && !Array.isArray(found)) return found
  throw new DriftError(
    'config.invalid',
    `expected settings by name in ${path}, got ${typeof found}`,
  )
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    const isYaml = cause instanceof YAMLParseError
    if (isYaml) throw new DriftError('config.invalid', `${path}: ${message}`, { cause })
    const got = code === 'ENOENT' ? 'found no such file' : `got ${code ?? message}`
    throw new DriftError('source.unreadable', `expected the settings in ${path}, ${got}`, {
      hint: `Settings with all their defaults to begin with: npx pixeldrift serve --print-config > ${path}`,
      cause,
    })
  }
}

function fillIn(value: unknown, environment: Environment): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
      const found = environment[variable]
      if (found !== undefined) return found
      throw new DriftError('config.invalid', `expected ${variable} in the environment, got nothing`)
    })
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, environment))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, environment)]),
  )
}

/** The same without what nobody should read. */
export function printableConfig(config: Config): object {
  return JSON.parse(
    JSON.stringify(config, (key, value: unknown) =>
      typeof value === 'string' && SECRET.has(key) ? withoutSecrets(value) : value,
    ),
  ) as object
}

const SECRET = new Set(['secret', 'database', 'server', 'url'])

function withoutSecrets(value: string): string {
  if (!/^\w+:\/\//.test(value)) return '…'
  const address = new URL(value)
  if (address.password !== '') address.password = '…'
  return /^https?:/.test(value) ? `${address.origin}/…` : decodeURI(address.href)
}
