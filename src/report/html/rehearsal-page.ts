import { drawDetectionCurves, markup, type Markup } from '../../charts/index.ts'
import type { ChangePictures, Rehearsed } from '../../detector/index.ts'
import { sliceRows, type Tensor } from '../../tensor/index.ts'
import type { Rehearsal, RehearsedChange } from '../../verdict/index.ts'
import {
  describeRehearsal,
  describeWatch,
  formatCountOf,
  formatMoment,
  imagesOf,
  openTitle,
  type RehearsalWords,
  capitalise,
  sentence,
  shownStrength,
  titleWith,
} from '../../wording/index.ts'
import { asGreyOrColour, shrinkPicture } from '../picture-pixels.ts'
import { dataTable } from './data-table.ts'
import { renderPage } from './page.ts'
import { pictureClass, pictureUri, tileStyle } from './picture-tile.ts'
import { responsiveChart } from './responsive-chart.ts'

/** A rehearsal as one self-contained HTML file: what would be told, and what would be missed. */
export async function renderRehearsalPage({ rehearsal, pictures }: Rehearsed): Promise<string> {
  const words = describeRehearsal(rehearsal)
  const { source, detector, history, rehearsedAt, versions } = rehearsal
  const images = formatCountOf(history.images, 'image')
  const cards = await Promise.all(
    rehearsal.changes.map(async (change) =>
      changeCard(
        change,
        pictures.find(({ name }) => name === change.name),
        rehearsal,
      ),
    ),
  )
  return renderPage({
    title: `Rehearsal: ${source.location}`,
    subject: markup`<b>${source.location}</b>, ${images}, against <b>${detector.location}</b>, rehearsed ${formatMoment(rehearsedAt)}`,
    severity: toneOf(rehearsal),
    version: versions.pixeldrift,
    content: markup`<section class="verdict" aria-labelledby="headline">
<h1 id="headline">${words.headline}</h1>
<p class="summary">${words.summary}</p>
</section>
${toldSection(words)}
${rehearsal.changes.length === 0 ? null : foundSection(rehearsal, words)}
${cards}`,
  })
}

function toneOf({ withheld, history }: Rehearsal): 'ok' | 'warning' | 'insufficient-data' {
  if (withheld === 'different-history') return 'insufficient-data'
  return history.stream.events.length === 0 ? 'ok' : 'warning'
}

function toldSection({ told }: RehearsalWords): Markup {
  return markup`<section class="chapter" aria-labelledby="told">
<h2 id="told">What you would have been told</h2>
<ul class="told">${told.map((line) => markup`<li>${line}</li>`)}</ul>
</section>`
}

function foundSection({ changes, settings }: Rehearsal, { missed, notes }: RehearsalWords): Markup {
  const [most] = settings.shares.toSorted((a, b) => b - a)
  const cell = (change: RehearsedChange, share: number, way: 'stream' | 'batches'): string => {
    const watched = change.shares.find((one) => one.share === share)
    return watched === undefined ? '' : describeWatch(change, watched[way], way)
  }
  const table = dataTable(
    'What is found',
    [
      {
        heading: 'Change',
        cell: (change: RehearsedChange) => capitalise(openTitle(change)),
      },
      ...settings.shares.map((share) => ({
        heading: `As a stream, in ${imagesOf(share)}`,
        cell: (change: RehearsedChange) => cell(change, share, 'stream'),
      })),
      {
        heading: `In batches of ${settings.batchSize}, in ${imagesOf(most)}`,
        cell: (change: RehearsedChange) => cell(change, most, 'batches'),
      },
    ],
    { rows: changes },
  )
  return markup`<section class="chapter" aria-labelledby="found">
<h2 id="found">What you would find, and what you would miss</h2>
<p class="intro">From which strength on each change is found in nine of ten runs, with its 95% interval, and how many images after it.</p>
<section class="card">${table}</section>
${
  missed.length === 0
    ? null
    : markup`<section class="notes"><h2>You would miss</h2><ul>${missed.map((one) => markup`<li>${sentence(one)}</li>`)}</ul></section>`
}
<section class="notes"><h2>How to read this</h2><ul>${notes.map((one) => markup`<li>${one}</li>`)}</ul></section>
</section>`
}

/** Longest side of an embedded picture, in pixels. */
const EDGE = 64

async function changeCard(
  change: RehearsedChange,
  pictures: ChangePictures | undefined,
  { settings }: Rehearsal,
): Promise<Markup> {
  const { name } = change
  const [most] = change.shares.toSorted((a, b) => b.share - a.share)
  const chart = responsiveChart(`curve-${name}`, (options) =>
    drawDetectionCurves(curvesOf(change, settings.batchSize), options),
  )
  const caption =
    most.stream.smallest.kind === 'never'
      ? `Not found as a stream, even ${titleWith(change, most.stream.smallest.strength)}.`
      : `Just found as a stream: ${titleWith(change, most.stream.smallest.strength)}.`
  return markup`<section class="card" aria-labelledby="change-${name}">
<h3 id="change-${name}">${capitalise(openTitle(change))}</h3>
<p class="intro">${caption}</p>
${pictures === undefined ? null : await strip(pictures)}
${chart}
</section>`
}

async function strip({ before, after }: ChangePictures): Promise<Markup> {
  const [count] = before.shape
  const figures = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const [top, bottom] = await Promise.all([tile(before, i), tile(after, i)])
      return markup`<figure class="column"><img src="${top}" alt="an image as it was"><img src="${bottom}" alt="the same image changed"></figure>`
    }),
  )
  const [, , height, width] = before.shape
  return markup`<div class="${pictureClass([height, width])}" style="${tileStyle([height, width], EDGE)}"><div class="strip two" role="group" aria-label="before and after" tabindex="0">
<div class="rows" aria-hidden="true"><span>as it was</span><span>changed</span></div>
${figures}
</div></div>`
}

async function tile(images: Tensor, row: number): Promise<string> {
  const { shape, data } = sliceRows(images, row, row + 1)
  return pictureUri(shrinkPicture(asGreyOrColour({ shape: shape.slice(1), data }), EDGE))
}

function curvesOf(change: RehearsedChange, batchSize: number) {
  const { shares } = change
  const strengths = shares.flatMap(({ stream, batches }) =>
    [...stream.trials, ...batches.trials].map(({ strength }) => strength),
  )
  const series = (['stream', 'batches'] as const).flatMap((way) =>
    shares.map(({ share, [way]: watched }, rank) => ({
      name: `${way === 'stream' ? 'stream' : `batches of ${batchSize}`}, ${share === 1 ? 'all' : imagesOf(share).replace(' of the images', '')}`,
      way,
      rank,
      points: watched.trials
        .map(({ strength, found, runs }) => ({ strength, share: found / runs }))
        .toSorted((a, b) => a.strength - b.strength),
    })),
  )
  return {
    series,
    label: openTitle(change),
    from: Math.min(...strengths),
    to: Math.max(...strengths),
    shown: (strength: number) => shownStrength(change, strength),
    goal: 0.9,
  }
}
