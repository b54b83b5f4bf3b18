/** The command line that studies and benchmarks share: find the subject, run it, keep and print its figures. */
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DriftError } from '../../src/errors.ts'
import { type Fingerprint, takeFingerprint } from '../fingerprint/fingerprint.ts'
import { type Discovered, discover, pick } from './discover.ts'
import type { FigureTable } from './figure-table.ts'
import { figureTables, showTable } from './figure-tables.ts'
import {
  describeOptions,
  isFullRun,
  type OptionSchema,
  type OptionValues,
  parseOptions,
} from './option-schema.ts'
import { formatDuration } from './progress.ts'
import type { Provenance } from './provenance.ts'
import { storeResult } from './result-store.ts'

/** What the command can run: a study or a benchmark topic. */
export type Subject<Schema extends OptionSchema = OptionSchema> = {
  /** Heading on the page; its name where there is none. */
  readonly title?: string
  /** One sentence: the claim, or what is measured. */
  readonly description: string
  readonly options: Schema
  /** File name of the result where it isn't the subject's own, e.g. one per grid. */
  resultName?(options: OptionValues<Schema>): string
  /** Its stored figures as a reader wants them; without it they are laid out by their keys. */
  readonly tables?: (figures: object) => readonly FigureTable[]
  /** Why it cannot run here (data or a peer that is absent); undefined when it can. */
  skipReason?(options: OptionValues<Schema>): Promise<string | undefined>
}

/** Flags every subject takes. */
export type Flags = {
  readonly json: boolean
  readonly quick: boolean
  readonly resume: boolean
  readonly store: boolean
  readonly workers?: number
}

/** One call of a subject, ready to run. */
export type Invocation<S extends Subject> = {
  readonly subject: S
  readonly found: Discovered<S>
  readonly values: OptionValues<OptionSchema>
  readonly flags: Flags
  /** Where work of this result may be kept between runs, without an ending. */
  readonly workPath: string
  /** What the product computes now. */
  readonly fingerprint: Fingerprint
  readonly signal: AbortSignal
}

/** What a run found, and by which code. */
export type FinishedFigures = {
  readonly figures: object
  readonly provenance: Provenance
}

/** A family of subjects: `evaluate` with its studies, `bench` with its topics. */
export type CommandSpec<S extends Subject> = {
  readonly script: string
  /** Its members are files of this folder, its results go to `results/` beside it. */
  readonly folder: URL
  readonly exportName: string
  /** It measures time: a busy machine is worth a warning. */
  readonly isTimed: boolean
  run(invocation: Invocation<S>): Promise<FinishedFigures>
}

/** Load per core from which a timed run is disturbed. */
const BUSY_SHARE = 0.3

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FLAGS = `  --json              print the figures as JSON on stdout
  --quick             a small run, not stored among the results
  --store             store the figures among the results whatever the options`
const CELL_FLAGS = `
  --resume            go on where a stopped run was
  --workers           processes at once; default one per core`

/** Runs the command and returns its exit code: 0 done or skipped, 2 error. */
export async function runCommand<S extends Subject>(
  spec: CommandSpec<S>,
  words: readonly string[],
): Promise<number> {
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  try {
    const { name, flags, help, rest } = readWords(words)
    const members = await discover<S>(spec.folder, spec.exportName)
    if (name === undefined) return await showMembers(spec, members)
    const found = pick(members, name, spec.exportName)
    const subject = await found.load()
    if (help) {
      console.log(`${subject.description}\n\n${describeOptions(subject.options)}\n${flagsOf(spec)}`)
      return 0
    }
    const values = parseOptions(subject.options, rest, flags)
    const workPath = join(ROOT, 'out', spec.script, resultName(subject, found.name, values))
    const called = { subject, found, values, flags, workPath, signal: interrupt.signal }
    await runOne(spec, called, words)
    return 0
  } catch (error) {
    console.error(explain(error))
    return 2
  }
}

async function runOne<S extends Subject>(
  spec: CommandSpec<S>,
  called: Omit<Invocation<S>, 'fingerprint'>,
  words: readonly string[],
): Promise<void> {
  const { subject, found, values, flags } = called
  const skipped = await subject.skipReason?.(values)
  if (skipped !== undefined) {
    console.error(`skipped: ${skipped}`)
    if (flags.json) console.log(JSON.stringify({ skipped }))
    return
  }
  const [loadAtStart] = loadavg()
  if (spec.isTimed && loadAtStart > BUSY_SHARE * availableParallelism()) {
    console.error(
      `warning: the machine is busy (load ${loadAtStart.toFixed(1)}); figures may be off`,
    )
  }
  const fingerprint = await takeFingerprint()
  const { figures, provenance } = await spec.run({ ...called, fingerprint })
  const isKept = flags.store || (!flags.quick && isFullRun(subject.options, values))
  const name = resultName(subject, found.name, values)
  const path = isKept
    ? fileURLToPath(new URL(`../results/${name}.json`, spec.folder))
    : `${called.workPath}.json`
  const [first = '', ...others] = words
  await storeResult(path, {
    command: `npm run ${spec.script} ${first}${others.length > 0 ? ` -- ${others.join(' ')}` : ''}`,
    date: new Date().toISOString(),
    options: values,
    provenance,
    loadAtStart,
    figures,
  })
  console.error(`stored in ${path}: ${formatDuration(provenance.measuredSeconds)} of measuring`)
  if (isKept && !provenance.clean) {
    const commits = provenance.commits.join(', ')
    console.error(`warning: not of one clean commit (${commits}); the pages will say so`)
  }
  console.log(flags.json ? JSON.stringify(figures, undefined, 2) : showFigures(figures, subject))
}

/** Takes the name and the shared flags out of the words; what is left is the subject's own. */
function readWords(words: readonly string[]): {
  readonly name: string | undefined
  readonly flags: Flags
  readonly help: boolean
  readonly rest: readonly string[]
} {
  const [first] = words
  const name = first === undefined || first.startsWith('-') ? undefined : first
  const rest = words.slice(name === undefined ? 0 : 1)
  const take = (flag: string): boolean => {
    const at = rest.indexOf(`--${flag}`)
    return at >= 0 && rest.splice(at, 1).length > 0
  }
  const workers = takeWorkers(rest)
  const flags = {
    json: take('json'),
    quick: take('quick'),
    resume: take('resume'),
    store: take('store'),
    ...(workers === undefined ? {} : { workers }),
  }
  return { name, flags, help: take('help'), rest }
}

function takeWorkers(words: string[]): number | undefined {
  const at = words.indexOf('--workers')
  if (at < 0) return undefined
  const [, text = ''] = words.splice(at, 2)
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new DriftError('config.invalid', `expected a positive number for --workers, got "${text}"`)
}

async function showMembers<S extends Subject>(
  spec: CommandSpec<S>,
  members: readonly Discovered<S>[],
): Promise<number> {
  console.log(`npm run ${spec.script} <${spec.exportName}> [-- options]\n`)
  for (const { name, load } of members)
    console.log(`  ${name.padEnd(18)}${(await load()).description}`)
  console.log(`\n${flagsOf(spec)}`)
  return 0
}

/** A timed run has the machine to itself and is not cut into cells. */
function flagsOf({ isTimed }: { readonly isTimed: boolean }): string {
  return isTimed ? FLAGS : `${FLAGS}${CELL_FLAGS}`
}

function resultName(subject: Subject, name: string, values: OptionValues<OptionSchema>): string {
  return subject.resultName?.(values) ?? name
}

/** Figures as the page shows them. */
function showFigures(figures: object, { tables = figureTables }: Subject): string {
  return tables(figures).map(showTable).join('\n\n')
}

function explain(error: unknown): string {
  if (!(error instanceof DriftError)) return (error as Error).stack ?? String(error)
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
}
