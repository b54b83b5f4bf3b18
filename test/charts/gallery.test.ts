/** Every chart on plain data, on a desk and on a phone, compared with the pictures stored beside this file. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { drawLossDistribution } from '../../src/charts/index.ts'
import { assertStoredPicture } from '../fixtures/stored-picture.ts'
import { GALLERY, narrow, wide } from './gallery.ts'

const FOLDER = new URL('pictures/', import.meta.url)

describe('gallery of charts', () => {
  for (const [name, draw] of Object.entries(GALLERY)) {
    for (const [size, options] of Object.entries({ wide, narrow })) {
      it(`draws ${name.replaceAll('-', ' ')} (${size}) as stored`, () => {
        assertStoredPicture(new URL(`${name}-${size}.svg`, FOLDER), draw(options))
      })

      it(`labels ${name.replaceAll('-', ' ')} (${size}) and leaves no number undefined`, () => {
        const svg = draw(options)
        assert.match(svg, /role="img" aria-labelledby="chart-title chart-desc"/)
        assert.match(svg, /<title id="chart-title">[^<]+<\/title>\s*<desc id="chart-desc">[^<]+</)
        assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/)
      })

      it(`keeps ${name.replaceAll('-', ' ')} (${size}) within its width`, () => {
        const svg = draw(options)
        const starts = [...svg.matchAll(/<text x="([-\d.]+)"/g)].map(([, x]) => Number(x))
        assert.ok(starts.length > 0)
        assert.deepEqual(
          starts.filter((x) => x < 0 || x > options.width),
          [],
        )
      })
    }
  }

  it('stores no picture that is not drawn', () => {
    const drawn = Object.keys(GALLERY).flatMap((name) => [`${name}-narrow.svg`, `${name}-wide.svg`])
    assert.deepEqual(readdirSync(FOLDER).toSorted(), drawn.toSorted())
  })

  it('escapes what comes from outside', () => {
    for (const draw of Object.values(GALLERY)) {
      assert.doesNotMatch(draw({ ...wide, id: '"><script>' }), /<script/)
    }
    assert.doesNotMatch(GALLERY['effects-hostile'](wide), /<script|\p{Cc}(?<!\n)/u)
  })

  it('survives losses that are all equal, empty or not finite', () => {
    const relativeIncrease = { value: 0, low: 0, high: 0, level: 0.95 }
    const comparison = { baseline: 0.1, mean: 0.1, relativeIncrease }
    for (const batch of [[], [0.1], [0.1, 0.1, 0.1], [0, 0], [Number.NaN, 0.1, Infinity]]) {
      const data = { reference: [0.1, 0.1], batch, batchCount: batch.length, comparison }
      assert.doesNotMatch(drawLossDistribution(data, wide), /NaN|Infinity|undefined/)
    }
  })
})
