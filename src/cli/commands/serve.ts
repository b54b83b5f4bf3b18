import { DriftError } from '../../errors.ts'
import {
  completeConfig,
  type Committed,
  type Config,
  type Log,
  printableConfig,
  readConfig,
  startService,
} from '../../monitor/index.ts'
import { visibleText } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { shellWord } from '../shell-word.ts'

/** Flags of `pixeldrift serve`. */
export type ServeFlags = {
  readonly config?: string | undefined
  readonly detector?: string | undefined
  readonly watch?: string | undefined
  readonly monitor?: string | undefined
  readonly data?: string | undefined
  readonly database?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly printConfig?: true | undefined
  readonly json?: true | undefined
}

/** `pixeldrift serve`: takes images in, watches them, and tells people, until it is stopped. */
export async function runServe(
  flags: ServeFlags,
  { out, err, signal, environment, wallClock }: CommandContext,
): Promise<ExitCode> {
  const config = configOf(flags, environment)
  if (flags.printConfig === true) {
    out.write(`${JSON.stringify(printableConfig(config), null, 2)}\n`)
    return EXIT.noDrift
  }
  const log: Log = (level, message) => {
    if (level !== 'info') err.write(`pixeldrift: ${visibleText(message)}\n`)
  }
  const service = await startService(config, {
    clock: wallClock,
    log,
    request: fetch,
    environment,
    onCommitted: (step) => out.write(flags.json === true ? jsonLines(step) : textLines(step)),
  })
  err.write(greeting(service.url, config))
  if (!signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
  }
  err.write('pixeldrift: stopping\n')
  await service.close()
  return EXIT.noDrift
}

/** What the file says, and the flags above it. */
function configOf(flags: ServeFlags, environment: CommandContext['environment']): Config {
  const { config: path, data, database, host, port } = flags
  const stored: Record<string, unknown> =
    path === undefined ? {} : { ...readConfig(path, environment) }
  const asked = {
    data,
    database: database ?? environment['PIXELDRIFT_DATABASE'],
    host,
    port: port ?? portOf(environment),
  }
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return completeConfig({ ...stored, ...Object.fromEntries(given), ...monitorOf(flags, stored) })
}

function portOf({ PIXELDRIFT_PORT: port }: CommandContext['environment']): number | undefined {
  return port === undefined ? undefined : Number(port)
}

function monitorOf(
  { detector, watch, monitor }: ServeFlags,
  { monitors = [] }: Readonly<Record<string, unknown>>,
): object {
  if (detector === undefined) {
    const flag = watch === undefined ? 'monitor' : 'watch'
    if (watch === undefined && monitor === undefined) return {}
    const message = `expected --detector beside --${flag}, got none`
    throw new DriftError('config.invalid', message, {
      hint: 'A detector is a file written by fit: npx pixeldrift serve --detector detector.pixeldrift',
    })
  }
  const own = { detector, ...(watch && { watch }), ...(monitor && { id: monitor }) }
  return { monitors: [...(Array.isArray(monitors) ? monitors : []), own] }
}

function greeting(url: string, { data, database, monitors }: Config): string {
  const [monitor] = monitors
  const first =
    monitor === undefined
      ? `curl ${url}/v1/monitors`
      : `curl --data-binary @image.png -H 'content-type: image/png' ${url}/v1/monitors/${monitor.id}/images`
  const watched = monitors.flatMap(({ id, watch }) =>
    watch === undefined ? [] : [`  ${id} takes the images of ${shellWord(watch)}\n`],
  )
  const where = database === undefined ? shellWord(data) : 'PostgreSQL'
  return `pixeldrift: listening on ${url}, data in ${where}\n${watched.join('')}  Try: ${first}\n`
}

const SILENT = new Set(['data', 'window-ok'])

function jsonLines({ happenings }: Committed): string {
  return happenings
    .filter(({ kind }) => !SILENT.has(kind))
    .map((happening) => `${JSON.stringify(happening)}\n`)
    .join('')
}

function textLines({ happenings }: Committed): string {
  return happenings
    .filter(({ kind }) => !SILENT.has(kind))
    .map(({ monitor, source, summary, findings }) => {
      const from = source === '' ? monitor : `${monitor}, ${source}`
      const why = findings.slice(0, 5).map((finding) => `  · ${visibleText(finding)}\n`)
      return `${visibleText(`${from}: ${summary}`)}\n${why.join('')}`
    })
    .join('')
}
