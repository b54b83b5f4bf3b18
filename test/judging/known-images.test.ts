import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Detector, fit, type Verdict } from '../../src/detector/index.ts'
import { hashImages } from '../../src/measuring/image-hashes.ts'
import { timesIn } from '../../src/judging/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { concatenateRows, sliceRows, takeRows, type Tensor } from '../../src/tensor/index.ts'
import { tellFitNote } from '../../src/wording/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'

const SIDE = 8
const COUNT = 800
const blobs = (count: number, seed: number, background = 0.1): Tensor =>
  blobImages({ count, seed, side: SIDE, background })
const black = (count: number): Tensor => ({
  shape: [count, 1, SIDE, SIDE],
  data: new Float32Array(count * SIDE * SIDE),
})

const source = blobs(COUNT, 1)
let detector: Detector
/** Rows of the source that were learned from, and those held out. */
let learned: readonly number[]
let held: readonly number[]

before(async () => {
  detector = await fit(arrayImages(source), { seed: 2, epochs: 12 })
  const hashes = hashImages(source)
  const inside = (list: Float64Array) =>
    [...hashes.keys()].filter((row) => timesIn(list, hashes[row]) > 0)
  assert.ok(detector.known)
  learned = inside(detector.known.learned)
  held = inside(detector.known.reference)
})
after(() => detector.close())

const check = (pixels: Tensor, by = detector): Promise<Verdict> => by.check(arrayImages(pixels))
const learnedImages = (start: number, end: number) => takeRows(source, learned.slice(start, end))

describe('images that a detector was fitted on', () => {
  it('are known to it, each in one part', () => {
    assert.equal(learned.length, 560)
    assert.equal(held.length, 240)
    assert.equal(new Set([...learned, ...held]).size, COUNT)
  })

  it('are no drift, all together', async () => {
    const verdict = await check(source)
    assert.equal(verdict.judgement.severity, 'ok')
    assert.deepEqual(verdict.judgement.recognised, { learned: 560, reference: 240, copies: 0 })
    assert.match(
      verdict.words.notes[0],
      /^560 of 800 images were used to fit this detector and are left out of the comparison/,
    )
    assert.match(verdict.words.notes[1], /^240 of 800 images are held-out reference images/)
    assert.equal(verdict.judgement.count, 800)
    assert.equal(verdict.judgement.tested.images, 240)
    assert.match(verdict.words.summary, /^These 240 images look/)
  })

  it('raise no alarm in random parts either', async () => {
    for (let i = 0; i < 8; i++) {
      const verdict = await check(sliceRows(source, 100 * i, 100 * (i + 1)))
      assert.equal(verdict.judgement.drift, false)
      assert.notEqual(verdict.judgement.pValue, null)
    }
  })

  it('alone are nothing to judge by', async () => {
    const verdict = await check(learnedImages(0, 200))
    assert.equal(verdict.judgement.severity, 'insufficient-data')
    assert.equal(verdict.judgement.pValue, null)
    assert.match(
      verdict.words.summary,
      /^Not enough new images to judge: 200 were used to fit this detector, 0 others remain/,
    )
    assert.deepEqual([verdict.judgement.count, verdict.judgement.tested.images], [200, 0])
  })

  it('do not hide the drift of the others, nor are they held against them', async () => {
    const drifted = await check(concatenateRows([learnedImages(0, 150), blobs(40, 7, 0.3)]))
    assert.equal(drifted.judgement.severity, 'drift')
    assert.equal(drifted.judgement.recognised?.learned, 150)
    const fresh = await check(concatenateRows([learnedImages(0, 150), blobs(60, 8)]))
    assert.equal(fresh.judgement.severity, 'ok')
    const alone = await check(blobs(60, 8))
    assert.equal(fresh.judgement.pValue, alone.judgement.pValue)
    assert.deepEqual(fresh.judgement.loss, alone.judgement.loss)
    assert.deepEqual(fresh.judgement.features, alone.judgement.features)
  })

  it('explain one image of the batch each: a camera that repeats one of them stands still', async () => {
    const stuck = takeRows(source, new Uint32Array(40).fill(learned[3]))
    const verdict = await check(concatenateRows([blobs(20, 9), stuck]))
    assert.equal(verdict.judgement.recognised?.learned, 1)
    assert.equal(verdict.judgement.recognised?.copies, 39)
    assert.equal(verdict.judgement.severity, 'warning')
    assert.equal(verdict.judgement.tested.images, 20)
    assert.match(verdict.words.summary, /^40 of 60 images are copies of one image: the feed seems/)
  })

  it('are not new because they were met: new images are all judged', async () => {
    const {
      judgement: { recognised },
      words: { notes },
    } = await check(blobs(60, 10))
    assert.deepEqual(recognised, { learned: 0, reference: 0, copies: 0 })
    assert.doesNotMatch(notes.join('\n'), /used to fit|copies|themselves/)
  })
})

describe('an image that recurs by nature', () => {
  let blinking: Detector

  before(async () => {
    const images = concatenateRows([blobs(760, 3), black(40)])
    blinking = await fit(arrayImages(images), { seed: 2, epochs: 3 })
  })
  after(() => blinking.close())

  it('is held out and not learned from, in the share it has', () => {
    const { counts, notes } = blinking.manifest
    assert.equal(counts.reference, 240)
    assert.ok((counts.copies ?? 0) > 15 && (counts.copies ?? 0) < 40, String(counts.copies))
    assert.equal(counts.training + counts.validation + (counts.copies ?? 0), 560)
    assert.match(
      notes.map(tellFitNote).join('\n'),
      /images are exact copies of held-out ones and were not learned/,
    )
    assert.equal(timesIn(blinking.known?.learned ?? new Float64Array(), hashImages(black(1))[0]), 0)
  })

  it('is fine in the usual share, and drift in another', async () => {
    const usual = await check(concatenateRows([blobs(95, 4), black(5)]), blinking)
    assert.equal(usual.judgement.severity, 'ok')
    assert.doesNotMatch(usual.words.notes.join('\n'), /used to fit|themselves|repeat/)
    assert.equal(usual.judgement.repeats, undefined)
    const dead = await check(concatenateRows([blobs(50, 5), black(50)]), blinking)
    assert.equal(dead.judgement.severity, 'drift')
    assert.equal(dead.judgement.tested.images, 100)
    assert.match(dead.words.summary, /^\d+ of 100 images are copies of /)
  })

  it('stays in the comparison by as much as belongs to the new images', async () => {
    const images = concatenateRows([blobs(760, 3), black(40)])
    const again = await check(sliceRows(images, 0, 800), blinking)
    assert.equal(again.judgement.drift, false)
  })
})

describe('a detector that learned mostly copies of what it held out', () => {
  it('says so, rather than having nothing to learn from', async () => {
    const few = concatenateRows(Array.from({ length: 10 }, () => blobs(30, 6)))
    const copied = await fit(arrayImages(few), { epochs: 1 })
    assert.equal(copied.manifest.counts.training, 180)
    assert.match(
      copied.manifest.notes.map(tellFitNote).join('\n'),
      /copies of held-out ones, too many to do without/,
    )
    const verdict = await check(sliceRows(few, 0, 30), copied)
    assert.doesNotMatch(verdict.words.notes.join('\n'), /used to fit/)
    await copied.close()
  })
})
