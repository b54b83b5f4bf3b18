import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderHtmlReport } from '../../src/report/index.ts'
import { createRandom, tensor, type Tensor } from '../../src/tensor/index.ts'
import { makeReportData, scenes } from '../fixtures/report-data.ts'
import { hostileReportData } from '../fixtures/hostile-report-data.ts'
import { assertStoredPicture } from '../fixtures/stored-picture.ts'
import { outline } from './outline.ts'

describe('renderHtmlReport', () => {
  for (const scene of scenes) {
    it(`says what is stored (${scene})`, async () => {
      const html = await renderHtmlReport(makeReportData(scene))
      assertStoredPicture(new URL(`pictures/report-${scene}.html`, import.meta.url), outline(html))
    })

    it(`is complete: unique ids, nothing undefined, nothing to load (${scene})`, async () => {
      const html = await renderHtmlReport(makeReportData(scene))
      const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
      assert.equal(new Set(ids).size, ids.length)
      assert.doesNotMatch(outline(html), /undefined|NaN|\[object|Infinity/)
      assert.doesNotMatch(html, /(?:src|href|url)\s*[=(]\s*["']?(?!data:)[a-z.]*[:/]/i)
      assert.doesNotMatch(html, /@import|<link(?![^>]*href="data:)/)
    })
  }

  it('puts the verdict before pictures, pictures before numbers, numbers before details', async () => {
    const html = await renderHtmlReport(makeReportData('letters'))
    const order = [
      'These images have drifted.',
      'What changed',
      'What it looks like',
      'The numbers',
    ]
    const places = [...order, '>Details<'].map((text) => html.indexOf(text))
    assert.ok(places.every((place) => place > 0))
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })

  it('leaves sections out that have nothing to show', async () => {
    const data = makeReportData('few')
    const html = await renderHtmlReport({
      ...data,
      verdict: { ...data.verdict, judgement: { ...data.verdict.judgement, loss: null, count: 0 } },
      scores: [],
      mostDrifted: [],
      representative: [],
      typicalReference: [],
      training: { history: [], bestEpoch: 0 },
    })
    assert.doesNotMatch(html, /What it looks like|image by image|How the autoencoder was trained/)
    assert.match(html, /Too few images to tell/)
  })

  it('says beside the pictures how many images look like nothing in the reference, and shows what others repeat first', async () => {
    const data = makeReportData('frozen')
    const htmlWith = async (images: number) => {
      const foreign = { images, of: 1000, named: [], falseDiscoveryRate: 0.1 }
      const judgement = { ...data.verdict.judgement, foreign }
      return renderHtmlReport({ ...data, verdict: { ...data.verdict, judgement } })
    }
    const html = await htmlWith(10)
    assert.match(
      html,
      /Highest scores first\. 10 of 1,000 images look like nothing in the reference/,
    )
    assert.match(await htmlWith(1), /first\. 1 of 1,000 images looks like nothing/)
    const places = ['Images that others repeat', 'Most unusual images'].map((text) =>
      html.indexOf(text),
    )
    assert.ok(places[0] > 0 && places[0] < places[1])
  })

  it('stays below 2 MB for 10,000 images and large noisy pictures', async () => {
    const data = makeReportData('slight')
    const random = createRandom(2)
    const noise = (...shape: number[]): Tensor =>
      tensor(
        shape,
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform()),
      )
    const columns = Array.from({ length: 8 }, (_, i) => ({
      id: `image-${i}`,
      caption: 'noise',
      original: noise(3, 224, 224),
      reconstruction: noise(3, 224, 224),
      error: noise(224, 224),
    }))
    const pictures = { mostDrifted: columns, representative: columns, typicalReference: columns }
    const html = await renderHtmlReport({ ...data, ...pictures })
    assert.equal(data.scores.length, 10_000)
    assert.ok(html.length < 2_000_000, `${html.length} bytes`)
    assert.ok(html.split('digits-april/IMG_').length < 100, 'images are listed one by one')
  })

  it('escapes every string that came from outside', async () => {
    const html = await renderHtmlReport(hostileReportData())
    const harmless = await renderHtmlReport(makeReportData('unreadable'))
    const tags = (text: string): string[] =>
      Array.from(text.matchAll(/<[a-z!][^\s>]*/gi), ([tag]) => tag.toLowerCase())
    const known = new Set(tags(harmless))
    assert.deepEqual(
      tags(html).filter((tag) => !known.has(tag)),
      [],
    )
    assert.doesNotMatch(html.replaceAll(/"[^"]*"/g, '""'), /<[^>]*\son\w+=/i)
    assert.doesNotMatch(html.replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
    assert.match(html, /&lt;script&gt;/)
  })
})
