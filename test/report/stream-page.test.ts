import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, openStream } from '../../src/judging/index.ts'
import type { Detector } from '../../src/detector/index.ts'
import { collectStreamReport, keptPixels, renderStreamPage } from '../../src/report/index.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import {
  baselineOfNumbers,
  drawPlaces,
  drawRows,
  measuredRows,
} from '../judging/stream/stream-of-numbers.ts'
import { outline } from './outline.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const detector = { manifest: { location: 'training/' } } as Detector
const described = {
  location: 'line 3/',
  falseAlarmEvery: 10_000,
  madeAt: '2026-11-02T08:30:00.000Z',
  version: '0.1.0',
}
const picture = (id: string) => ({
  record: { id },
  pixels: tensor([1, 1, 4, 4], new Float32Array(16).fill(0.5)),
})
const pixelsOf = keptPixels(
  new Map(Array.from({ length: 300 }, (_, place) => [place, picture(`${place}.png`)])),
)

/** 200 images for each shift of a column, or mark that is always at the same place. */
async function pageOf(changes: readonly (number | Mark)[]): Promise<string> {
  const baseline = baselineOfNumbers(1, { hasPlaces: true })
  const stream = openStream(baseline, policy, { falseAlarmEvery: 10_000 })
  const random = createRandom(22)
  const told = changes.flatMap((change) => {
    const [shift, mark] = typeof change === 'number' ? [change, {}] : [0, change]
    const measured = measuredRows(drawRows(200, random, shift))
    return stream.take({ ...measured, places: drawPlaces(200, random, mark) })
  })
  const { evidence, images, status } = stream
  const report = await collectStreamReport(detector, {
    ...described,
    evidence,
    images,
    statuses: new Map([['', status]]),
    told,
    pixelsOf,
  })
  return renderStreamPage(report)
}

/** How much darker or brighter, by place. */
type Mark = Readonly<Record<number, number>>

describe('the page of a stream', () => {
  it('says that nothing happened', async () => {
    const html = await pageOf([0])
    assert.match(html, /No sign of a change\./)
    assert.match(html, /class="severity-ok"/)
    assert.doesNotMatch(html, /What happened/)
  })

  it('shows a change that goes on: since when, what it looks like, and pictures of before and after', async () => {
    const html = await pageOf([0, 3])
    assert.match(html, /These images have changed\./)
    assert.match(html, /class="severity-drift"/)
    assert.match(outline(html), /no longer look like the reference; sure from the 20\dth image/)
    assert.match(html, />change<.*>alarm</s)
    assert.equal(html.match(/role="group" aria-label="before the change"/g)?.length, 1)
    assert.ok((html.match(/data:image\/png/g)?.length ?? 0) > 8)
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.doesNotMatch(outline(html), /undefined|NaN|\[object|Infinity/)
  })

  it('draws where in the frame a mark is, by each of the maps that show it', async () => {
    const html = await pageOf([0, { 9: -1, 10: -1, 17: -1 }])
    const text = outline(html)
    assert.match(text, /Dark mark at the same place of the frame: .* of the width from the left/)
    assert.match(text, /Where in the frame/)
    assert.match(text, /The mean over a stretch of images before it was sure/)
    assert.equal(html.match(/<title[^>]*>Where in the frame: specks/g)?.length, 1)
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.doesNotMatch(await pageOf([0, 3]), /Where in the frame/)
  })

  it('shows one that is over, the latest event first', async () => {
    const html = await pageOf([0, 3, 0])
    assert.match(html, /had changed, and are as before/)
    assert.match(html, /class="severity-warning"/)
    assert.ok(html.indexOf('look like the reference again, as of') > 0)
    const text = outline(html)
    const [over, began] = ['id="event-1"', 'id="event-0"'].map((id) => text.indexOf(id))
    assert.ok(over > 0 && over < began)
  })
})
