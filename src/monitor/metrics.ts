import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Inbox } from './inbox/index.ts'
import type { Measurer } from './measuring/index.ts'
import { accuracyStates } from './quality/index.ts'
import type { Store } from './store/index.ts'
import {
  type Committed,
  type Judges,
  readMonitor,
  readSources,
  SOURCE_STATES,
} from './watching/index.ts'

/** What is counted of a service, as Prometheus reads it. */
export type Metrics = {
  received(monitor: string, images: number): void
  committed(step: Committed): void
  answered(route: string, status: number, seconds: number): void
  text(): Promise<string>
  readonly contentType: string
}

type Observed = {
  readonly store: Store
  readonly inbox: Inbox
  readonly measurer: Measurer
  readonly judges: Judges
  readonly now: () => number
}

const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

/** All names of metrics stand here. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one metric after the other
export function createMetrics({ store, inbox, measurer, judges, now }: Observed): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `pixeldrift_${name}`, help, labelNames, registers })
  const received = counter('images_received_total', 'Images that were stored.', ['monitor'])
  const counted = counter('images_counted_total', 'Images that were measured.', ['monitor'])
  const leftOut = counter('images_skipped_total', 'Images that could not be read.', ['monitor'])
  const found = counter('events_total', 'What was found.', ['monitor', 'source', 'kind'])
  const requests = new Histogram({
    name: 'pixeldrift_http_seconds',
    help: 'How long requests took.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `pixeldrift_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('images_waiting', 'Images that wait to be counted.', () => inbox.waiting)
  gauge(
    'process_restarts',
    'Processes that had to be replaced.',
    () => measurer.restarts + judges.restarts,
  )
  const labelled = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `pixeldrift_${name}`, help, labelNames, registers })
  const perSource = (name: string, help: string) => labelled(name, help, ['monitor', 'source'])
  const evidence = perSource('stream_evidence', 'Evidence of a change, 1 alarms.')
  const state = labelled('state', '1 for the state that a source is in.', [
    'monitor',
    'source',
    'state',
  ])
  const alerts = labelled('alerts', 'Alerts that are not resolved.', ['monitor', 'rule'])
  const messages = labelled(
    'messages_waiting',
    'Messages of alerts that are to be delivered yet.',
    [],
  )
  const readAlerts = async (): Promise<void> => {
    alerts.reset()
    for (const { monitor, rule, alerts: count } of await store.alerts.unresolved()) {
      alerts.set({ monitor, rule }, count)
    }
    messages.set(await store.outbox.waiting())
  }
  const answers = perSource('answers', 'Images whose true class is known.')
  const accuracy = perSource('accuracy', 'Share of them on which the model was right.')
  const lately = perSource('accuracy_window', 'The same of the last whole window.')
  const isLow = perSource('accuracy_low', '1 where accuracy is surely too low.')
  const readAccuracy = async (monitor: string): Promise<void> => {
    for (const [source, { all, last, isLow: low }] of await accuracyStates(
      store.groundTruth,
      monitor,
    )) {
      const of = { monitor, source }
      answers.set(of, all.trials)
      accuracy.set(of, all.successes / all.trials)
      if (last !== null) lately.set(of, last.successes / last.trials)
      isLow.set(of, Number(low))
    }
  }
  const readStreams = async (): Promise<void> => {
    for (const own of [evidence, state, answers, accuracy, lately, isLow]) own.reset()
    for (const stored of await store.monitors.all()) {
      const watched = readMonitor(stored)
      const monitor = watched.id
      await readAccuracy(monitor)
      for (const { source, ...of } of await readSources(watched, { store, now: now() })) {
        evidence.set({ monitor, source }, of.evidence)
        for (const name of SOURCE_STATES) {
          state.set({ monitor, source, state: name }, Number(name === of.state))
        }
      }
    }
  }
  return {
    received: (monitor, images) => received.inc({ monitor }, images),
    committed: ({ monitor, counted: images, leftOut: skipped, happenings }) => {
      counted.inc({ monitor }, images)
      leftOut.inc({ monitor }, skipped)
      for (const { source, kind } of happenings) {
        if (kind !== 'data' && !kind.endsWith('window-ok')) found.inc({ monitor, source, kind })
      }
    },
    answered: (route, status, seconds) =>
      requests.observe({ route, status: String(status) }, seconds),
    text: async () => {
      await readStreams()
      await readAlerts()
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}
