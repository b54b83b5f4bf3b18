import type { Detector, Verdict } from '../detector/index.ts'
import type { ImageRecord, ImageSource } from '../images/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../tensor/index.ts'
import { formatNumber } from '../wording/index.ts'
import type { PictureColumn, ReportData } from './report-data.ts'

const TYPICAL_SHOWN = 8

/**
 * Gathers what a report shows; reads the batch once more, for the pictures of its exemplars. Without a batch, of what was
 * measured elsewhere, it has no pictures.
 */
export async function collectReport(
  detector: Detector,
  batch: ImageSource | undefined,
  verdict: Verdict,
): Promise<ReportData> {
  const { mostUnusual, representative } = verdict.exemplars
  const wanted = new Set([...mostUnusual, ...representative])
  const found =
    batch === undefined ? new Map<number, Found>() : await readPositions(detector, batch, wanted)
  const losses = new Map(verdict.images.map(({ record, loss }) => [record.id, loss]))
  const caption = (record: ImageRecord): string => captionOf(record, losses.get(record.id))
  const show = async (positions: readonly number[]): Promise<PictureColumn[]> =>
    drawColumns(
      detector,
      positions.flatMap((position) => found.get(position) ?? []),
      caption,
    )
  const { history, bestEpoch } = detector.stack.autoencoder
  return {
    verdict,
    reference: referenceOf(detector),
    batch: { location: verdict.batch.location },
    referenceLosses: Array.from(detector.baseline.losses),
    training: { history, bestEpoch },
    typicalReference: await drawColumns(detector, typical(detector.thumbnails), () => ''),
    mostDrifted: await show(mostUnusual),
    representative: await show(representative),
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

type Found = { readonly record: ImageRecord; readonly pixels: Tensor }

async function readPositions(
  { manifest }: Detector,
  batch: ImageSource,
  wanted: ReadonlySet<number>,
): Promise<Map<number, Found>> {
  const found = new Map<number, Found>()
  if (wanted.size === 0) return found
  const [channels, height, width] = manifest.shape
  let start = 0
  for await (const { pixels, records, places } of batch.batches({
    shape: { channels, height, width },
    resize: manifest.resize,
    depth: manifest.depth,
  })) {
    records.forEach((record, i) => {
      const place = places?.[i] ?? start + i
      if (wanted.has(place)) found.set(place, { record, pixels: copyRow(pixels, i) })
    })
    start += records.length
    if (found.size === wanted.size) break
  }
  return found
}

function copyRow(pixels: Tensor, row: number): Tensor {
  const { shape, data } = sliceRows(pixels, row, row + 1)
  return { shape, data: data.slice() }
}

function typical(thumbnails: Tensor): Found[] {
  return Array.from({ length: Math.min(TYPICAL_SHOWN, thumbnails.shape[0]) }, (_, row) => ({
    record: { id: `reference ${row + 1}` },
    pixels: sliceRows(thumbnails, row, row + 1),
  }))
}

async function drawColumns(
  { stack }: Detector,
  images: readonly Found[],
  caption: (record: ImageRecord) => string,
): Promise<PictureColumn[]> {
  if (images.length === 0) return []
  const pixels = concatenateRows(images.map((image) => image.pixels))
  const reconstructions = await stack.autoencoder.reconstruct(pixels)
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
