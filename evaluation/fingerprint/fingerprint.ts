import { createHash } from 'node:crypto'
import { type Detector, fit } from '../../src/detector/index.ts'
import { arrayImages, attachModelOutputs, type ImageSource } from '../../src/images/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { placesOf } from '../../src/representations/index.ts'
import { brighter, probeImages, probeProbabilities } from './probe-images.ts'
import { probeStreams } from './probe-streams.ts'
import { probeTests } from './probe-tests.ts'

/** What can change independently: the numbers of each image, the test of a table of numbers, what is said of it, and the test of one row after the other. */
export const PRODUCT_PARTS = ['features', 'tests', 'verdicts', 'streams'] as const

export type ProductPart = (typeof PRODUCT_PARTS)[number]

/** What judging a batch depends on: all but streams. */
export const BATCH_PARTS: readonly ProductPart[] = ['features', 'tests', 'verdicts']

/** What a check said of a probe. */
export type ProbeVerdict = {
  readonly probe: string
  readonly severity: string
  readonly shift: string | null
  readonly pValue: number | null
}

/** What the product computes on a small fixed set of probes: a move that changes no number leaves it as it is. */
export type Fingerprint = {
  /** Mean and standard deviation of every column, and of every place of the frame, over generated images, by two tiny detectors; learned, so nearly equal elsewhere. */
  readonly features: readonly (readonly [mean: number, deviation: number])[]
  /** Digest of p-values on generated numbers: the same on every machine. */
  readonly tests: string
  readonly verdicts: readonly ProbeVerdict[]
  /** Digest of the evidence of generated streams; absent in results older than it. */
  readonly streams?: string
}

const FITTED = 200
const BATCH = 50
const SHARES = [0.4, 0.3, 0.3]
const FIT = { seed: 1, epochs: 2, threads: 1 } as const

/** Computes it anew, in about two seconds on one core. */
export async function takeFingerprint(): Promise<Fingerprint> {
  const grey = await fit(arrayImages(probeImages(FITTED, 1, 1)), FIT)
  const reference = await withOutputs(probeImages(FITTED, 3, 2), SHARES)
  const labelled = await fit(reference, { ...FIT, unseenByClassifier: true })
  try {
    return {
      features: [...(await greyColumns(grey)), ...(await labelledColumns(labelled))],
      tests: digest(probeTests()),
      verdicts: [...(await greyVerdicts(grey)), ...(await labelledVerdicts(labelled))],
      streams: digest(probeStreams()),
    }
  } finally {
    await grey.close()
    await labelled.close()
  }
}

/** Short name of one part, for folders of what was computed with it. */
export function partId(fingerprint: Fingerprint, part: ProductPart): string {
  return digest(fingerprint[part]).slice(0, 8)
}

/** Short name of all of it. */
export function fingerprintId(fingerprint: Fingerprint): string {
  return digest(fingerprint).slice(0, 12)
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
}

async function withOutputs(pixels: Tensor, shares: readonly number[]): Promise<ImageSource> {
  const probabilities = probeProbabilities(pixels.shape[0], shares, 3)
  return attachModelOutputs(arrayImages(pixels), { probabilities })
}

async function greyColumns({ extractor }: Detector): Promise<[number, number][]> {
  const pixels = probeImages(BATCH, 1, 4)
  return [
    ...momentsOf(await extractor.transform(pixels), extractor.columns.length),
    ...placeMoments(extractor, pixels),
  ]
}

/** Of each place of the frame, over the images. */
function placeMoments({ places }: Detector['extractor'], pixels: Tensor): [number, number][] {
  if (places === undefined) return []
  return momentsOf(Float32Array.from(places.measure(pixels)), placesOf(places.maps))
}

async function labelledColumns({ extractor }: Detector): Promise<[number, number][]> {
  const sideInputs = { probabilities: probeProbabilities(BATCH, SHARES, 5) }
  return momentsOf(
    await extractor.transform(probeImages(BATCH, 3, 5), sideInputs),
    extractor.columns.length,
  )
}

async function greyVerdicts(detector: Detector): Promise<ProbeVerdict[]> {
  const clean = probeImages(BATCH, 1, 6)
  const batches: [string, Tensor][] = [
    ['clean', clean],
    ['few images', sliceRows(clean, 0, 10)],
    ['brighter', brighter(clean, 0.1)],
  ]
  return Promise.all(
    batches.map(async ([probe, pixels]) => probeVerdict(detector, probe, arrayImages(pixels))),
  )
}

async function labelledVerdicts(detector: Detector): Promise<ProbeVerdict[]> {
  const clean = probeImages(BATCH, 3, 7)
  return [
    await probeVerdict(detector, 'colour', await withOutputs(clean, SHARES)),
    await probeVerdict(detector, 'one class', await withOutputs(clean, [0, 0, 1])),
    await probeVerdict(detector, 'brighter', await withOutputs(brighter(clean, 0.2), SHARES)),
  ]
}

async function probeVerdict(
  detector: Detector,
  probe: string,
  batch: ImageSource,
): Promise<ProbeVerdict> {
  const { judgement } = await detector.check(batch, { seed: 1 })
  const { severity, shift, pValue } = judgement
  return { probe, severity, shift: shift?.kind ?? null, pValue }
}

function momentsOf(values: Float32Array, width: number): [number, number][] {
  const rows = values.length / width
  return Array.from({ length: width }, (_, column) => {
    let [sum, square] = [0, 0]
    for (let i = column; i < values.length; i += width) sum += values[i]
    for (let i = column; i < values.length; i += width) square += (values[i] - sum / rows) ** 2
    return [rounded(sum / rows), rounded(Math.sqrt(square / rows))]
  })
}

/** Five digits: more than two machines agree on, fewer than a reader wants to see in a file. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
