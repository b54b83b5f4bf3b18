import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findCorruption } from '../../src/images/index.ts'
import { createImageProperties, measureRows } from '../../src/representations/index.ts'
import { reconstructionColumns } from '../../src/representations/autoencoder/scorer.ts'
import { columnEffects, prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom, sliceRows, type Tensor, tensor } from '../../src/tensor/index.ts'
import { SIGHTS } from '../../src/wording/observe.ts'
import { tellFindings } from '../../src/wording/findings.ts'
import { changed, judged } from './judged.ts'

const SHAPE = { channels: 3, height: 32, width: 32 }
const COUNT = 60

/** Photographs of sorts: coloured discs on grounds of a slope, with a little grain, as 8-bit files hold them. */
function drawScenes(count: number, seed: number): Tensor {
  const random = createRandom(seed)
  const { channels, height, width } = SHAPE
  const data = new Float32Array(count * channels * height * width)
  for (let image = 0; image < count; image++) {
    const [cx, cy, radius] = [
      8 + 16 * random.uniform(),
      8 + 16 * random.uniform(),
      4 + 4 * random.uniform(),
    ]
    const light = 0.25 + 0.3 * random.uniform()
    for (let c = 0; c < channels; c++) {
      const [ground, disc] = [light + 0.1 * random.normal(), light + 0.25 + 0.1 * random.normal()]
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const isDisc = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2
          const value = (isDisc ? disc : ground + 0.004 * x) + 0.01 * random.normal()
          const at = ((image * channels + c) * height + y) * width + x
          data[at] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255
        }
      }
    }
  }
  return tensor([count, channels, height, width], data)
}

const properties = createImageProperties(SHAPE)
const scenes = drawScenes(4 * COUNT, 1)
const reference = await measureRows(properties, { pixels: sliceRows(scenes, COUNT, 4 * COUNT) })
const prepared = prepareOmnibusReference(reference, properties.columns.length)

/** What is said of some of the scenes, changed. */
async function saidOf(change: (pixels: Tensor) => Tensor | Promise<Tensor>): Promise<string[]> {
  const pixels = await change(sliceRows(scenes, 0, COUNT))
  const effects = columnEffects(prepared, await measureRows(properties, { pixels }))
  const features = effects
    .map(({ windowMean, referenceMean, ...effect }, i) =>
      changed(properties.columns[i].name, [referenceMean, windowMean], effect),
    )
    .filter(({ kolmogorovSmirnov }) => kolmogorovSmirnov > 0.3)
  return tellFindings(judged(features))
}

const corrupted = (name: string, severity: 1 | 2 | 3 | 4 | 5) => async (pixels: Tensor) => {
  const corruption = findCorruption(name)
  return corruption.apply(pixels, {
    random: createRandom(3),
    ...corruption.severities[severity - 1],
  })
}

const scaled = (factors: readonly number[]) => (pixels: Tensor) => {
  const area = SHAPE.height * SHAPE.width
  const data = pixels.data.map((value, i) => value * factors[Math.floor(i / area) % factors.length])
  return { ...pixels, data: data.map((value) => Math.round(255 * Math.min(1, value)) / 255) }
}

const grey = (pixels: Tensor): Tensor => {
  const area = SHAPE.height * SHAPE.width
  const data = pixels.data.map((_, i, all) => {
    const start = Math.floor(i / (3 * area)) * 3 * area + (i % area)
    const mean = (all[start] + all[start + area] + all[start + 2 * area]) / 3
    return Math.round(255 * mean) / 255
  })
  return { ...pixels, data }
}

/** A change of real pixels, and how what is said of it begins. */
const CHANGES: readonly (readonly [
  string,
  (pixels: Tensor) => Tensor | Promise<Tensor>,
  ...RegExp[],
])[] = [
  ['gaussian noise', corrupted('gaussian-noise', 1), /^Noisier/],
  ['a blur', corrupted('gaussian-blur', 2), /^Blurred/],
  ['motion', corrupted('motion-blur', 3), /^Blurred/],
  ['less light', scaled([0.5, 0.5, 0.5]), /^Darker/, /^Less contrast/],
  ['more light', corrupted('brightness', 3), /^Brighter/],
  ['less contrast', corrupted('contrast', 2), /^Less contrast/],
  ['another white balance', scaled([1.2, 1, 0.8]), /^Warmer in colour/],
  ['no colour', grey, /^Lost their colour/],
  ['few tones', corrupted('binarise', 2), /^Only few tones left/],
  ['strong compression', corrupted('jpeg-compression', 5), /^Blocky/],
  ['dead pixels', corrupted('stuck-pixels', 3), /^Single pixels that stand out/],
  ['a constant frame', corrupted('constant-frame', 3), /^Almost of one tone/],
]

describe('what is seen', () => {
  for (const [what, change, ...beginnings] of CHANGES) {
    it(`comes first: ${what}`, async () => {
      const said = await saidOf(change)
      for (const [i, beginning] of beginnings.entries()) assert.match(said[i], beginning)
      if (/blur|motion/.test(what)) assert.doesNotMatch(said.join('\n'), /[Nn]ois|grain/)
    })
  }

  it('is nothing where nothing changed', async () => {
    assert.deepEqual(await saidOf((pixels) => pixels), [])
  })

  it('has words for every image property and every measure of the reconstruction, once', () => {
    const told = new Set(SIGHTS.flatMap(({ columns }) => columns.map(([name]) => name)))
    const also = SIGHTS.flatMap(({ also: more = [] }) => more)
    const wordless = [...properties.columns, ...reconstructionColumns]
      .map(({ name }) => name)
      .filter((name) => !told.has(name))
    assert.deepEqual(wordless, [])
    const known = new Set(properties.columns.map(({ name }) => name))
    assert.deepEqual(
      also.filter((name) => !known.has(name)),
      [],
    )
  })

  it('is said in predicates that can follow “the images” and open a line, and names no method', () => {
    const predicates = SIGHTS.flatMap(({ up, down, gone, mixed }) =>
      [up, down, gone, mixed].filter((one) => one !== undefined),
    )
    assert.ok(predicates.length > 50)
    for (const predicate of predicates) assert.match(predicate, /^(are|have) /)
    const measures = SIGHTS.flatMap(({ columns }) => columns.map(([, measure]) => measure))
    const words = [...measures, ...SIGHTS.map(({ cause = '' }) => cause)]
    assert.doesNotMatch(
      [...predicates, ...words].join('\n'),
      /Immerk|Hedges|Haar|Laplac|Mahalanobis|spread/i,
    )
  })
})
