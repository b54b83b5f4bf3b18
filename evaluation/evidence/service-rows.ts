import { share } from '../harness/markdown.ts'
import type { Evidence, EvidenceRow } from './evidence-rows.ts'

type Killed = {
  readonly database: string
  readonly victim: string
  readonly runs: number
  readonly skipped?: string
  readonly kills: number
  readonly acknowledged: number
  readonly failures: number
  readonly lost: number
  readonly countedTwice: number
  readonly areEventsEqual: boolean
  readonly areVerdictsEqual: boolean
  readonly areAlertsEqual: boolean
}

const DATABASES: Readonly<Record<string, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' }
const VICTIMS: Readonly<Record<string, string>> = {
  service: 'the service',
  database: 'PostgreSQL stopped at once',
  disk: 'the disk full',
  replica: 'one of two replicas',
  child: 'a process that measures or judges',
}

type Fuzzed = {
  readonly requests: number
  readonly statuses: Readonly<Record<string, number>>
  readonly faults: readonly string[]
  readonly services: number
  readonly well: number
}

/** What a service withstands. */
export const SERVICE: readonly Evidence[] = [
  {
    result: 'kills',
    rows: ({ figures }) => {
      const { runs } = figures as { readonly runs: readonly Killed[] }
      const tried = runs.filter((run) => run.runs > 0 && run.skipped === undefined)
      return tried.length === 0 ? [] : [killRow(tried)]
    },
  },
  {
    result: 'fuzz',
    rows: ({ figures }) => {
      const { requests, statuses, faults, services, well } = figures as Fuzzed
      const failed = Object.entries(statuses)
        .filter(([status]) => status.startsWith('5') && status !== '503')
        .reduce((sum, [, count]) => sum + count, 0)
      return [
        {
          claim:
            'bad requests by the service’s own OpenAPI document and by hand, damaged images among them: answers that say it failed, other faults; services that were well afterwards',
          figure: `${failed} and ${faults.length} of ${grouped(requests)}; ${well} of ${services}`,
        },
      ]
    },
  },
]

function killRow(runs: readonly Killed[]): EvidenceRow {
  const kinds = runs.map(
    ({ database, victim, kills }) => `${VICTIMS[victim]} (${DATABASES[database]}) ${kills}`,
  )
  const sum = (of: (run: Killed) => number) => runs.reduce((total, run) => total + of(run), 0)
  const equal = runs.every(
    (run) => run.areEventsEqual && run.areVerdictsEqual && run.areAlertsEqual,
  )
  return {
    claim: `a service struck at random moments while images come, ${kinds.join(', ')} times: images lost and counted twice of those acknowledged; events, verdicts and alerts`,
    figure: `${sum((run) => run.lost)} and ${sum((run) => run.countedTwice)} of ${grouped(sum((run) => run.acknowledged))}; ${equal ? 'as without' : 'not as without'}`,
  }
}

type Loaded = { readonly perSecond: number; readonly share: number }
type Ingest = {
  readonly sets: Readonly<
    Record<
      string,
      {
        readonly check: { readonly perSecond: number }
        readonly multipart: Loaded
        readonly single: Loaded
        readonly half: { readonly answeredMs: { readonly p99: number }; readonly mebibytes: number }
      }
    >
  >
  readonly history: readonly {
    readonly known: number
    readonly microsecondsPerImage: number
    readonly bytesPerImage: number
  }[]
}

/** What it takes. */
export const SERVICE_SPEED: readonly Evidence[] = [
  {
    result: 'ingest',
    rows: ({ figures }) => {
      const { sets, history } = figures as Ingest
      const all = Object.values(sets)
      const perSet = (of: (set: (typeof all)[number]) => string) => all.map(of).join(', ')
      const last = history.at(-1)
      return [
        {
          claim: `images a second that a service takes in, stores for good, measures, watches and judges, beside \`check\` of the same files, ${Object.keys(sets).join(', ')}, sixteen a request, one a request`,
          figure: `${perSet(({ multipart, check }) => `${Math.round(multipart.perSecond)} of ${Math.round(check.perSecond)}`)}: ${perSet(({ multipart }) => share(multipart.share))}, ${perSet(({ single }) => share(single.share))}`,
        },
        {
          claim:
            'at half of that, answered within (99 of 100 requests); memory of all its processes',
          figure: `${perSet(({ half }) => `${Math.round(half.answeredMs.p99)} ms`)}; ${perSet(({ half }) => `${half.mebibytes} MiB`)}`,
        },
        {
          claim: `storing and counting an image once ${history.map(({ known }) => grouped(known)).join(', ')} are known; bytes of it in the database, without its file`,
          figure: `${history.map((row) => `${Math.round(row.microsecondsPerImage)} µs`).join(', ')}; ${grouped(Math.round(last?.bytesPerImage ?? 0))}`,
        },
      ].filter((_, i) => i < 2 || last !== undefined)
    },
  },
]

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
