import {
  drawEvidenceTimeline,
  drawFeatureEffects,
  markup,
  type Markup,
  type TimelineMark,
} from '../../charts/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import {
  describeStatus,
  describeStreamEvent,
  formatCountOf,
  formatMoment,
} from '../../wording/index.ts'
import { effectRow } from '../chart-data.ts'
import { asGreyOrColour, shrinkPicture } from '../picture-pixels.ts'
import type { Picture } from '../pixels-of.ts'
import type { ReportedEvent, StreamReport } from '../stream-report.ts'
import { renderPage } from './page.ts'
import { placeCard } from './place-card.ts'
import { pictureClass, pictureUri, tileStyle } from './picture-tile.ts'
import { responsiveChart } from './responsive-chart.ts'

/** A stream as one self-contained HTML file: the evidence over time, and what happened, with pictures. */
export async function renderStreamPage(report: StreamReport): Promise<string> {
  const { location, reference, images, madeAt, version, events, falseAlarmEvery } = report
  const cards = await Promise.all(events.map(async (event, i) => eventCard(event, i)).toReversed())
  const chart = responsiveChart('evidence', (options) =>
    drawEvidenceTimeline(timelineOf(report), options),
  )
  return renderPage({
    title: `Stream: ${location}`,
    subject: markup`<b>${location}</b>, ${formatCountOf(images, 'image')}, against <b>${reference}</b>, ${formatMoment(madeAt)}`,
    severity: severityOf(report),
    version,
    content: markup`<section class="verdict" aria-labelledby="headline">
<h1 id="headline">${headlineOf(report)}</h1>
<p class="summary">${summaryOf(report)}</p>
</section>
<section class="chapter" aria-labelledby="timeline">
<h2 id="timeline">The evidence</h2>
<p class="intro">It grows while images differ from the reference, and falls back while they don’t. Where it crosses the line, it alarms: by chance at most once in ${formatCountOf(falseAlarmEvery, 'image')}.</p>
<section class="card">${chart}</section>
</section>
${
  cards.length === 0
    ? null
    : markup`<section class="chapter" aria-labelledby="events">
<h2 id="events">What happened</h2>
<p class="intro">Latest first.</p>
${cards}
</section>`
}`,
  })
}

const statusOf = ({ statuses }: StreamReport): string => {
  const all = new Set(statuses.values())
  return ['drift', 'dependent'].find((status) => all.has(status)) ?? 'watching'
}

function severityOf(report: StreamReport): 'ok' | 'warning' | 'drift' | 'insufficient-data' {
  const status = statusOf(report)
  if (status === 'drift') return 'drift'
  if (status === 'dependent') return 'insufficient-data'
  return report.events.length === 0 ? 'ok' : 'warning'
}

function headlineOf(report: StreamReport): string {
  switch (statusOf(report)) {
    case 'drift':
      return 'These images have changed.'
    case 'dependent':
      return 'These images depend on each other.'
    default:
      return report.events.some(({ event }) => event.kind === 'drift')
        ? 'These images had changed, and are as before.'
        : 'No sign of a change.'
  }
}

function summaryOf(report: StreamReport): string {
  const last = report.events.at(-1)
  const said = last === undefined ? '' : withSource(last)
  const others = [...report.statuses].flatMap(([source, status]) =>
    source === '' || status === 'watching' ? [] : [describeStatus(source, status)],
  )
  return [said, ...others].filter((text) => text !== '').join(' ')
}

function withSource({ event, source }: ReportedEvent): string {
  const { summary } = describeStreamEvent(event)
  return source === '' ? summary : `${source}: ${summary}`
}

function timelineOf({ evidence, unit, events }: StreamReport) {
  const marks = unit === 'images' ? events.filter(({ source }) => source === '') : []
  return { ...evidence, unit, marks: marks.flatMap(({ event }) => marksOf(event)) }
}

function marksOf(event: StreamEvent): TimelineMark[] {
  switch (event.kind) {
    case 'drift':
      return [
        { at: event.since.number, kind: 'change', label: 'change' },
        { at: event.at.number, kind: 'alarm', label: 'alarm' },
      ]
    case 'recovered':
      return [{ at: event.at.number, kind: 'over', label: 'over' }]
    case 'dependent':
      return [{ at: event.at.number, kind: 'dependent', label: 'dependent' }]
    case 'tolerated':
      return [{ at: event.since.number, kind: 'over', label: 'tolerated' }]
  }
}

/** Features drawn in the chart of an event. */
const CHARTED = 8

async function eventCard(reported: ReportedEvent, i: number): Promise<Markup> {
  const { event, before, after } = reported
  const { findings } = describeStreamEvent(event)
  const effects =
    event.kind === 'drift' && event.judgement.drift
      ? responsiveChart(`effects-${i}`, (options) =>
          drawFeatureEffects(
            event.judgement.features.slice(0, CHARTED).map((feature) => effectRow(feature)),
            options,
          ),
        )
      : null
  return markup`<section class="card" aria-labelledby="event-${i}">
<h3 id="event-${i}">${withSource(reported)}</h3>
${findings.length === 0 ? null : markup`<ul class="notes">${findings.map((finding) => markup`<li>${finding}</li>`)}</ul>`}
${await strip('before the change', before)}
${await strip('after it', after)}
${effects}
</section>
${event.kind === 'drift' ? placeCard(event, { id: `places-${i}`, of: 'a stretch of images before it was sure' }) : null}`
}

/** Longest side of an embedded picture, in pixels. */
const EDGE = 64

async function strip(title: string, pictures: readonly Picture[]): Promise<Markup | null> {
  const [first] = pictures
  if (first === undefined) return null
  const figures = await Promise.all(
    pictures.map(async ({ record: { id }, pixels: { shape, data } }) => {
      const image = shrinkPicture(asGreyOrColour({ shape: shape.slice(1), data }), EDGE)
      return markup`<figure class="column"><img src="${await pictureUri(image)}" alt="${id}"><figcaption><span class="id" dir="auto" title="${id}">${id}</span></figcaption></figure>`
    }),
  )
  const [, , height, width] = first.pixels.shape
  return markup`<div class="${pictureClass([height, width])}" style="${tileStyle([height, width], EDGE)}"><div class="strip one" role="group" aria-label="${title}" tabindex="0">
<div class="rows" aria-hidden="true"><span>${title}</span></div>
${figures}
</div></div>`
}
