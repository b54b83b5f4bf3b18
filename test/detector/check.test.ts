import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { CheckOptions, Detector, ImageScore, Verdict } from '../../src/detector/index.ts'
import { DriftError } from '../../src/errors.ts'
import { arrayImages } from '../../src/images/index.ts'
import { scoreImages } from '../../src/judging/index.ts'
import { foldMeasurements } from '../../src/measuring/index.ts'
import {
  concatenateRows,
  createRandom,
  sliceRows,
  takeRows,
  type Tensor,
} from '../../src/tensor/index.ts'
import { verdictSchema } from '../../src/verdict/index.ts'
import { collectReport, rereadPixels } from '../../src/report/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'

let detector: Detector

before(async () => {
  detector = await fitTinyDetector({ seed: 2 }, { count: 600 })
})
after(async () => detector.close())

/** Images like the reference. */
const clean = (count: number, seed = 50): Tensor => blobImages({ count, seed })
/** Images on a lighter ground. */
const bright = (count: number): Tensor => blobImages({ count, seed: 51, background: 0.3 })

async function check(pixels: Tensor, options: CheckOptions = {}): Promise<Verdict> {
  return detector.check(arrayImages(pixels), options)
}

describe('check', () => {
  it('is quiet on images like the reference', async () => {
    const verdict = await check(clean(60))
    assert.equal(verdict.judgement.severity, 'ok')
    assert.equal(verdict.judgement.drift, false)
    assert.ok(verdict.judgement.score < 1)
    assert.ok(verdict.judgement.pValue !== null && verdict.judgement.pValue > 0.01)
    assert.deepEqual(verdict.words.findings, [])
    assert.match(verdict.words.summary, /^These 60 images look like the reference/)
  })

  it('names a feed that stands still, exactly or but for its noise, and does not call it drift', async () => {
    const image = clean(1)
    const random = createRandom(5)
    const still = (noise: number): Tensor => {
      const data = Float32Array.from({ length: 40 * image.data.length }, (_, i) => {
        const value = image.data[i % image.data.length] + noise * random.normal()
        return Math.round(255 * Math.min(1, Math.max(0, value))) / 255
      })
      return { shape: [40, ...image.shape.slice(1)], data }
    }
    const exact = await check(still(0))
    assert.equal(exact.judgement.severity, 'warning')
    assert.equal(exact.words.headline, 'The feed seems to be frozen.')
    assert.match(exact.words.summary, /^40 of 40 images are copies of one image/)
    assert.equal(exact.judgement.recognised.copies, 39)
    const near = await check(still(0.01))
    assert.match(near.words.summary, /^40 of 40 images are nearly the same/)
    assert.deepEqual(verdictSchema.parse(exact), JSON.parse(JSON.stringify(exact)))
    const { repeated } = await collectReport(detector, exact, {
      pixelsOf: rereadPixels(detector, arrayImages(still(0))),
    })
    assert.deepEqual(
      repeated?.map(({ id }) => id),
      ['0'],
    )
  })

  it('names a loop, and images that came twice', async () => {
    const sent = async (rows: number, of: (i: number) => number) => {
      const pixels = clean(rows)
      const { judgement, words } = await check(
        takeRows(
          pixels,
          Array.from({ length: 60 }, (_, i) => of(i)),
        ),
      )
      return [judgement.severity, judgement.tested.images, words.headline]
    }
    assert.deepEqual(await sent(3, (i) => i % 3), ['warning', 3, 'The same images come in a loop.'])
    assert.deepEqual(await sent(30, (i) => i >> 1), ['warning', 30, 'Every image came twice.'])
  })

  it('names a few pictures of something else among many, though the batch as a whole is quiet', async () => {
    const strangers = sliceRows(bright(2), 0, 2)
    strangers.data.fill(1)
    strangers.data[0] = 0
    const { judgement, words } = await check(concatenateRows([clean(28), strangers]))
    assert.deepEqual(
      judgement.foreign?.named
        .map(({ place }) => place)
        .slice(0, 2)
        .toSorted((a, b) => a - b),
      [28, 29],
    )
    assert.match(words.notes[0], /like nothing in the reference: /)
  })

  it('finds drift, says what changed and by how much', async () => {
    const verdict = await check(bright(40))
    assert.equal(verdict.judgement.severity, 'drift')
    assert.equal(verdict.judgement.drift, true)
    assert.ok(verdict.judgement.score >= 1)
    assert.ok(verdict.judgement.pValue !== null && verdict.judgement.pValue <= 0.01)
    assert.ok(verdict.judgement.loss !== null && verdict.judgement.loss.relativeIncrease.low > 0)
    assert.match(verdict.words.summary, /^At least \d+% of these 40 images/)
    assert.ok(
      verdict.words.findings.some((finding) => finding.startsWith('Brighter: mean brightness')),
    )
    const mean = verdict.judgement.features.find(({ name }) => name === 'mean')
    assert.ok(mean?.kind === 'quantity' && mean.adjustedPValue < 0.01 && mean.hedgesG > 2)
    assert.ok(mean.batchMean - mean.referenceMean > 0.15)
  })

  it('sorts features by evidence', async () => {
    const {
      judgement: { features },
    } = await check(bright(40))
    assert.equal(features.length, detector.manifest.columns.length)
    const values = features.map(({ adjustedPValue }) => adjustedPValue)
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    )
  })

  it('gives plain data that survives JSON, and all of it is in the schema', async () => {
    for (const pixels of [clean(20), bright(20), clean(2)]) {
      const verdict = await check(pixels)
      assert.deepEqual(JSON.parse(JSON.stringify(verdict)), verdict)
      assert.deepEqual(verdictSchema.parse(verdict), verdict)
    }
  })

  it('gives the same verdict for the same batch and seed', async () => {
    const now = () => new Date(0)
    assert.deepEqual(await check(clean(30), { now }), await check(clean(30), { now }))
    const other = await check(clean(30), { seed: 9 })
    assert.deepEqual(other.judgement.exemplars, (await check(clean(30))).judgement.exemplars)
  })

  it('does not judge fewer than 5 images, nor call them clean', async () => {
    const verdict = await check(bright(4))
    assert.equal(verdict.judgement.severity, 'insufficient-data')
    assert.equal(verdict.judgement.drift, false)
    assert.equal(verdict.judgement.pValue, null)
    assert.equal(verdict.judgement.score, 0)
    assert.equal(verdict.judgement.loss, null)
    assert.deepEqual(verdict.words.findings, [])
    assert.equal(verdict.judgement.exemplars.mostUnusual.length, 4)
    assert.match(verdict.words.summary, /Not enough images to judge: 4 readable/)
    assert.equal((await check(bright(5))).judgement.severity, 'drift')
  })

  it('applies the published rule when asked: one-sided, without a p-value', async () => {
    const policy = { kind: 'relative', increase: 0.1 } as const
    const quiet = await check(clean(60), { policy })
    assert.equal(quiet.judgement.drift, false)
    assert.equal(quiet.judgement.pValue, null)
    const loud = await check(bright(60), { policy })
    assert.equal(loud.judgement.drift, true)
    assert.equal(loud.judgement.threshold.policy, 'relative')
    assert.match(loud.words.findings[0], /^Reconstruction loss/)
    const increase = loud.judgement.loss?.relativeIncrease.value ?? 0
    assert.ok(Math.abs(loud.judgement.score - increase / 0.1) < 1e-9)
  })

  it('holds the p-value against the rate it is given', async () => {
    for (const rate of [0.001, 0.05, 0.4]) {
      for (const pixels of [clean(20), clean(20, 52), clean(20, 53), bright(20)]) {
        const verdict = await check(pixels, { policy: { kind: 'false-alarm-rate', rate } })
        assert.equal(verdict.judgement.threshold.value, rate)
        assert.ok(verdict.judgement.pValue !== null)
        assert.equal(verdict.judgement.score >= 1, verdict.judgement.pValue <= rate)
        assert.equal(verdict.judgement.severity === 'ok', verdict.judgement.pValue > rate)
      }
    }
  })

  it('hands on the scores of every image in reading order', async () => {
    const seen: ImageScore[] = []
    const pixels = clean(300)
    await check(pixels, { onScores: (scores) => seen.push(...scores) })
    const { id: extractorId, columns } = detector.extractor
    const fold = foldMeasurements({ extractorId, columns })
    for await (const part of detector.measure(arrayImages(pixels))) fold.add(part)
    assert.deepEqual(seen, scoreImages(detector.baseline, fold.taken()))
    assert.deepEqual(
      seen.map(({ record }) => record.id),
      Array.from({ length: 300 }, (_, i) => String(i)),
    )
  })

  it('gives images like the reference p-values spread evenly over (0, 1]', async () => {
    const images: ImageScore[] = []
    await check(clean(600, 60), { onScores: (scores) => images.push(...scores) })
    const low = images.filter(({ pValue }) => pValue <= 0.5).length
    // Four standard deviations of images and reference together.
    assert.ok(Math.abs(low / 600 - 0.5) < 4 * Math.sqrt(0.25 / 600 + 0.25 / 180), String(low))
    assert.ok(images.every(({ pValue }) => pValue > 0 && pValue <= 1))
  })

  it('shows the strangers among a batch first', async () => {
    const strangers = bright(3)
    const batch = concatenateRows([
      clean(20),
      sliceRows(strangers, 0, 1),
      clean(20, 70),
      sliceRows(strangers, 1, 3),
    ])
    const images: ImageScore[] = []
    const { judgement } = await check(batch, { onScores: (scores) => images.push(...scores) })
    const { mostUnusual } = judgement.exemplars
    const places = mostUnusual.map(({ place }) => place)
    assert.deepEqual(
      places.slice(0, 3).toSorted((a, b) => a - b),
      [20, 41, 42],
    )
    assert.deepEqual(
      mostUnusual.map(({ id }) => id),
      places.map(String),
    )
    const scores = places.map((place) => images[place].score)
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    )
  })

  it('shows images that represent the change only where there is one', async () => {
    assert.deepEqual((await check(clean(60))).judgement.exemplars.representative, [])
    const batch = concatenateRows([clean(10), bright(40)])
    const { representative } = (await check(batch)).judgement.exemplars
    assert.equal(representative.length, 8)
    assert.ok(representative.every(({ place }) => place >= 10))
  })

  it('names and counts what it could not read', async () => {
    const pixels = clean(30)
    pixels.data[12 * 256] = Number.NaN
    const verdict = await check(pixels)
    assert.deepEqual(
      verdict.judgement.skipped.map(({ id, code }) => [id, code]),
      [['12', 'image.values']],
    )
    assert.equal(verdict.judgement.count, 29)
    assert.ok(verdict.words.notes.some((note) => note.includes('1 of 30 images could not be read')))
    await assert.rejects(
      check(pixels, { strict: true }),
      (error) => error instanceof DriftError && error.code === 'image.values',
    )
  })

  it('cautions about batches that are small, or large for the reference', async () => {
    const small = await check(clean(10))
    assert.ok(small.words.notes.some((note) => /With 10 images/.test(note)))
    const large = await check(clean(100))
    assert.ok(
      large.words.notes.some((note) => /large for 180 held-out reference images/.test(note)),
    )
  })

  it('refuses images whose channels it cannot convert', async () => {
    const pixels = blobImages({ count: 10, seed: 1, channels: 2 })
    await assert.rejects(
      check(pixels),
      (error) => error instanceof DriftError && error.code === 'image.shape',
    )
  })

  it('is cancelled by its signal', async () => {
    await assert.rejects(
      check(clean(30), { signal: AbortSignal.abort() }),
      (error) => error instanceof DriftError && error.code === 'cancelled',
    )
  })

  it('states the detector it was made by', async () => {
    const { ids, detector: made } = await check(clean(5))
    const { id, seed, shape, counts } = made
    assert.deepEqual(ids, detector.manifest.ids)
    assert.deepEqual(
      { id, seed, shape, reference: counts.reference },
      {
        id: detector.manifest.id,
        seed: 2,
        shape: [1, 16, 16],
        reference: 180,
      },
    )
  })
})
