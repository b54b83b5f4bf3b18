import type { Detector } from '../detector/index.ts'
import type { ImageRecord } from '../images/index.ts'
import type { ImageScore } from '../judging/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../tensor/index.ts'
import type { Exemplars, Verdict } from '../verdict/index.ts'
import { formatNumber } from '../wording/index.ts'
import type { Picture, PixelsOf } from './pixels-of.ts'
import type { PictureColumn, ReportData } from './report-data.ts'

const TYPICAL_SHOWN = 8

/** What a report shows beside the verdict. */
export type ReportSources = {
  /** Of images of the batch, as `scoreImages` gives them; without them the report shows no single images but exemplars. Default: none. */
  readonly scores?: readonly ImageScore[] | undefined
  /** Asked once for the pictures of the verdict's exemplars. Default: no pictures of the batch. */
  readonly pixelsOf?: PixelsOf | undefined
}

/** Gathers what a report of a verdict shows. */
export async function collectReport(
  detector: Detector,
  verdict: Verdict,
  { scores = [], pixelsOf }: ReportSources = {},
): Promise<ReportData> {
  const { mostUnusual, representative } = verdict.judgement.exemplars
  const { shown: repeated = [] } = verdict.judgement.repeats ?? {}
  const places = [...mostUnusual, ...representative, ...repeated].map(({ place }) => place)
  const found = await pixelsOf?.([...new Set(places)])
  const losses = new Map(scores.map(({ record, loss }) => [record.id, loss]))
  const caption = (record: ImageRecord): string => captionOf(record, losses.get(record.id))
  const show = async (images: Exemplars['mostUnusual']): Promise<PictureColumn[]> =>
    drawColumns(
      detector,
      images.flatMap(({ place }) => found?.get(place) ?? []),
      caption,
    )
  const { history, bestEpoch } = detector.extractor.autoencoder
  return {
    verdict,
    scores,
    reference: referenceOf(detector),
    referenceLosses: Array.from(detector.baseline.losses),
    training: { history, bestEpoch },
    typicalReference: await drawColumns(detector, typical(detector.thumbnails), () => ''),
    mostDrifted: await show(mostUnusual),
    representative: await show(representative),
    ...(repeated.length > 0 && { repeated: await show(repeated) }),
  }
}

/** Of a reference of its own, where that came from. */
function referenceOf({ manifest }: Detector): ReportData['reference'] {
  const { counts, referenceSource } = manifest
  const { location, available } = referenceSource ?? { ...manifest, ...counts }
  return { location, available, count: counts.reference }
}

function captionOf({ label }: ImageRecord, loss: number | undefined): string {
  const parts = [label, loss === undefined ? undefined : `loss ${formatNumber(loss)}`]
  return parts.filter((part) => part !== undefined).join(', ')
}

function typical(thumbnails: Tensor): Picture[] {
  return Array.from({ length: Math.min(TYPICAL_SHOWN, thumbnails.shape[0]) }, (_, row) => ({
    record: { id: `reference ${row + 1}` },
    pixels: sliceRows(thumbnails, row, row + 1),
  }))
}

async function drawColumns(
  { extractor }: Detector,
  images: readonly Picture[],
  caption: (record: ImageRecord) => string,
): Promise<PictureColumn[]> {
  if (images.length === 0) return []
  const pixels = concatenateRows(images.map((image) => image.pixels))
  const reconstructions = await extractor.autoencoder.reconstruct(pixels)
  return images.map(({ record }, row) => {
    const original = onlyImage(sliceRows(pixels, row, row + 1))
    const reconstruction = onlyImage(sliceRows(reconstructions, row, row + 1))
    return {
      id: record.id,
      caption: caption(record),
      original,
      reconstruction,
      error: errorMap(original, reconstruction),
    }
  })
}

/** 1×C×H×W to C×H×W. */
function onlyImage({ shape, data }: Tensor): Tensor {
  return { shape: shape.slice(1), data }
}

/** Mean absolute difference over channels: C×H×W to H×W. */
function errorMap(original: Tensor, reconstruction: Tensor): Tensor {
  const [channels, height, width] = original.shape
  const area = height * width
  const data = new Float32Array(area)
  for (let i = 0; i < original.data.length; i++) {
    data[i % area] += Math.abs(original.data[i] - reconstruction.data[i]) / channels
  }
  return { shape: [height, width], data }
}
