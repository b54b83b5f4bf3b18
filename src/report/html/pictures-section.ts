import { errorGradient } from '../error-colours.ts'
import { markup, type Markup } from '../../charts/index.ts'
import type { Foreign } from '../../verdict/index.ts'
import {
  formatCount,
  formatCountOf,
  formatNumber,
  sentence,
  tellRepeats,
} from '../../wording/index.ts'
import {
  asGreyOrColour,
  asPlanes,
  errorCeiling,
  paintError,
  shrinkPicture,
} from '../picture-pixels.ts'
import type { PictureColumn, ReportData } from '../report-data.ts'
import { placeCard } from './place-card.ts'
import { pictureClass, pictureUri, tileStyle } from './picture-tile.ts'

type Gallery = {
  readonly id: string
  readonly title: string
  readonly intro: string
  readonly columns: readonly PictureColumn[]
}

type Scale = {
  /** Error shown in the brightest colour. */
  readonly ceiling: number
  /** Longest side of an embedded picture, in pixels. */
  readonly edge: number
}

/** More columns than this are not shown. */
const MOST_COLUMNS = 16
const COLUMNS_PER_STRIP = 8
/** Bytes all pictures of a report may take, on a pessimistic guess of 9 bytes per pixel and column. */
const PICTURE_BUDGET = 1_300_000
const BYTES_PER_COLUMN_PIXEL = 9

/** Where in the frame, then originals over reconstructions over error maps; null where there is none of it. */
export async function picturesSection(data: ReportData): Promise<Markup | null> {
  const galleries = listGalleries(data).filter(({ columns }) => columns.length > 0)
  const places = placeCard(data.verdict.judgement)
  if (galleries.length === 0 && places === null) return null
  const all = galleries.flatMap(({ columns }) => columns)
  const scale = { ceiling: errorCeiling(all), edge: pictureEdge(all.length) }
  const cards = await Promise.all(galleries.map(async (gallery) => card(gallery, scale)))
  return markup`<section class="chapter" aria-labelledby="pictures">
<h2 id="pictures">What it looks like</h2>
${places}
${galleries.length === 0 ? null : EXPLAINED}
${cards}
</section>`
}

const EXPLAINED = markup`<p class="intro">The autoencoder has learned to redraw images like the reference. Where it fails, the error map lights up.</p>`

function listGalleries(data: ReportData): Gallery[] {
  const { repeats, foreign } = data.verdict.judgement
  return [
    {
      id: 'repeated',
      title: 'Images that others repeat',
      intro: `${repeats === undefined ? '' : `${sentence(tellRepeats(repeats))} `}Of each the first, the one that came most often first.`,
      columns: data.repeated ?? [],
    },
    {
      id: 'most-drifted',
      title: 'Most unusual images of the batch',
      intro: `Highest scores first.${foreign === undefined ? '' : ` ${countForeign(foreign)} like nothing in the reference.`}`,
      columns: data.mostDrifted.slice(0, MOST_COLUMNS),
    },
    {
      id: 'representative',
      title: 'Images that show the change',
      intro:
        'The batch has far more such images than the reference, by all features that surely changed.',
      columns: data.representative.slice(0, MOST_COLUMNS),
    },
    {
      id: 'typical',
      title: 'Typical reference images',
      intro: 'Held out from training, for comparison.',
      columns: data.typicalReference.slice(0, MOST_COLUMNS),
    },
  ]
}

function countForeign({ images, of }: Foreign): string {
  return `${formatCount(images)} of ${formatCountOf(of, 'image')} ${images === 1 ? 'looks' : 'look'}`
}

/** Keeps the whole report small however large the images are. */
function pictureEdge(columns: number): number {
  const edge = Math.floor(Math.sqrt(PICTURE_BUDGET / (BYTES_PER_COLUMN_PIXEL * columns)))
  return Math.min(160, Math.max(32, edge))
}

async function card(gallery: Gallery, scale: Scale): Promise<Markup> {
  const figures = await Promise.all(gallery.columns.map(async (column) => figure(column, scale)))
  const strips = Array.from({ length: Math.ceil(figures.length / COLUMNS_PER_STRIP) }, (_, i) =>
    strip(gallery.title, figures.slice(i * COLUMNS_PER_STRIP, (i + 1) * COLUMNS_PER_STRIP)),
  )
  return markup`<section class="card ${tileClass(gallery.columns)}" style="${tileSize(gallery.columns, scale)}" aria-labelledby="${gallery.id}">
<h3 id="${gallery.id}">${gallery.title}</h3>
<p class="intro">${gallery.intro}</p>
${strips}
<p class="ramp" aria-hidden="true"><span>no error</span><i style="background:${errorGradient()}"></i><span>${scale.ceiling > 0.99 ? '1' : `${formatNumber(scale.ceiling, 2)} or more`}</span><span>mean absolute error per pixel</span></p>
</section>`
}

function strip(title: string, figures: readonly Markup[]): Markup {
  return markup`<div class="strip${figures.length === COLUMNS_PER_STRIP ? ' full' : null}" role="group" aria-label="${title}" tabindex="0">
<div class="rows" aria-hidden="true"><span>original</span><span>reconstruction</span><span>error</span></div>
${figures}
</div>`
}

async function figure(column: PictureColumn, { ceiling, edge }: Scale): Promise<Markup> {
  const { id, caption, original, reconstruction, error } = column
  const [top, middle, bottom] = await Promise.all([
    pictureUri(shrinkPicture(asGreyOrColour(original), edge)),
    pictureUri(shrinkPicture(asGreyOrColour(reconstruction), edge)),
    pictureUri(paintError(shrinkPicture(asPlanes(error), edge), ceiling)),
  ])
  return markup`<figure class="column"><img src="${top}" alt="original of ${id}"><img src="${middle}" alt="its reconstruction"><img src="${bottom}" alt="its error map"><figcaption>${caption}<span class="id" dir="auto" title="${id}">${lastPart(id)}</span></figcaption></figure>`
}

/** Of a path the file name; the whole id stands in its tooltip. */
function lastPart(id: string): string {
  return id.split(/[/\\]/).findLast((part) => part !== '') ?? id
}

function tileClass(columns: readonly PictureColumn[]): string {
  return pictureClass(sizeOf(columns))
}

function tileSize(columns: readonly PictureColumn[], { edge }: Scale): string {
  return tileStyle(sizeOf(columns), edge)
}

function sizeOf(columns: readonly PictureColumn[]): [height: number, width: number] {
  const [, height = 1, width = 1] = asPlanes(columns[0].original).shape
  return [height, width]
}
