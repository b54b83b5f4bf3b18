import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CategoryEvidence, FeatureEvidence, Typical } from '../../src/verdict/index.ts'
import { fileChangesOf } from '../../src/wording/file-changes.ts'
import { causesOf, leadingChange, tellFindings } from '../../src/wording/findings.ts'
import { changed, judged } from './judged.ts'

const SURE = { group: 'file', changedShare: 0.5, adjustedPValue: 0.001 } as const
const NOT_SURE = { ...SURE, changedShare: 0, adjustedPValue: 0.5 }

/** A property of files whose commonest value went from one to another, which so many of the images have. */
function number(
  name: string,
  [from, to]: readonly [number, number],
  {
    shares = [1, 1],
    ...change
  }: Partial<typeof SURE | typeof NOT_SURE> & { shares?: [number, number] } = {},
): FeatureEvidence {
  const typical = { reference: typicalOf(from, shares[0]), batch: typicalOf(to, shares[1]) }
  return changed(name, [from, to], { ...SURE, ...change, typical })
}

const typicalOf = (value: number, share: number): Typical => ({ value, share })

function kind(name: string, shares: Readonly<Record<string, [number, number]>>): CategoryEvidence {
  return {
    kind: 'category',
    name,
    group: 'file-kind',
    title: name,
    changedShare: 0,
    pValue: 0.001,
    adjustedPValue: 0.001,
    totalVariation: 1,
    shares: Object.entries(shares).map(([one, [reference, batch]], index) => ({
      index,
      name: one,
      reference,
      batch,
    })),
  }
}

const sizes = (from: [number, number], to: [number, number], shares?: [number, number]) => [
  number('image-width', [from[0], to[0]], shares && { shares }),
  number('image-height', [from[1], to[1]], shares && { shares }),
]

const told = (...features: readonly FeatureEvidence[]): string[] =>
  fileChangesOf(features).map(({ predicate, figures }) => `${predicate}: ${figures}`)

describe('changes of files, in words', () => {
  it('say of what size images are and were', () => {
    assert.deepEqual(told(...sizes([450, 400], [225, 200])), [
      'are smaller: 225×200 pixels, were 450×400',
    ])
    assert.deepEqual(told(...sizes([450, 400], [900, 800])), [
      'are larger: 900×800 pixels, were 450×400',
    ])
    assert.deepEqual(told(...sizes([450, 400], [400, 450])), [
      'have other proportions: 400×450 pixels, were 450×400',
    ])
    assert.deepEqual(told(...sizes([450, 400], [225, 200], [0.4, 1])), [
      'are smaller: 225×200 pixels, were about 450×400',
    ])
    assert.deepEqual(told(...sizes([450, 400], [450, 400], [0.9, 0.6])), [
      'come in a different mix of sizes: 450×400 pixels most often, as before',
    ])
  })

  it('say both sides where only one changed for sure, and nothing where neither did', () => {
    const width = number('image-width', [450, 450], NOT_SURE)
    const height = number('image-height', [400, 300])
    assert.deepEqual(told(width, height), ['are smaller: 450×300 pixels, were 450×400'])
    assert.deepEqual(told(width, number('image-height', [400, 300], NOT_SURE)), [])
    assert.deepEqual(
      told(width, number('aspect-ratio', [1, 2]), number('image-height', [400, 400], NOT_SURE)),
      ['come in a different mix of sizes: 450×400 pixels most often, as before'],
    )
  })

  it('say which quality JPEGs have and had', () => {
    assert.deepEqual(told(number('jpeg-quality', [95, 75])), [
      'are compressed more strongly: JPEG quality 75, was 95',
    ])
    assert.deepEqual(told(number('jpeg-quality', [75, 95])), [
      'are compressed less strongly: JPEG quality 95, was 75',
    ])
    assert.deepEqual(told(number('jpeg-quality', [75, 75], { shares: [0.9, 0.5] })), [
      'are compressed otherwise: JPEG quality 75 in 50% of the JPEGs, was in 90%',
    ])
  })

  it('say of what kind files are and were, or in which shares', () => {
    assert.deepEqual(told(kind('file-format', { JPEG: [1, 0], PNG: [0, 1] })), [
      'come in another file format: PNG, was JPEG',
    ])
    assert.deepEqual(
      told(kind('file-format', { JPEG: [1, 0.6], PNG: [0, 0.36], GIF: [0, 0.04] })),
      ['come in another file format: JPEG 100% → 60%, PNG 0% → 36%, GIF 0% → 4.0%'],
    )
    assert.deepEqual(told(kind('file-channels', { grey: [0, 1], colour: [1, 0] })), [
      'come as grey files: grey, was colour',
    ])
    assert.deepEqual(told(kind('file-channels', { grey: [0, 0.5], colour: [1, 0.5] })), [
      'come in files of other channels: grey 0% → 50%, colour 100% → 50%',
    ])
    assert.deepEqual(told(kind('bit-depth', { '16 bits': [0, 1], '8 bits': [1, 0] })), [
      'come in files of another bit depth: 16 bits, was 8 bits',
    ])
  })

  it('come first, three at most, with where they come from', () => {
    const features = [
      changed('mean', [0.5, 0.2]),
      kind('chroma-subsampling', { '4:2:0': [1, 0], '4:4:4': [0, 1] }),
      kind('camera-model', { A: [1, 0], B: [0, 1] }),
      number('jpeg-quality', [95, 75]),
      ...sizes([450, 400], [225, 200]),
    ]
    assert.deepEqual(tellFindings(judged(features)), [
      'Smaller: 225×200 pixels, were 450×400, in at least 50% of the images',
      'Compressed more strongly: JPEG quality 75, was 95, in at least 50% of the images',
      'From another camera: B, was A',
      'Darker: mean brightness 0.500 → 0.200 (−60%), in at least 45% of the images',
    ])
    assert.equal(leadingChange(judged(features))?.predicate, 'are smaller')
    assert.deepEqual(causesOf(judged(features)), [
      'how images are scaled or cropped on their way here',
      'the software that writes the files',
    ])
  })

  it('are all there is to say where nothing else is sure', () => {
    const doubtful = changed('mean', [0.5, 0.4], { adjustedPValue: 0.5 })
    const camera = kind('camera-model', { A: [1, 0], B: [0, 1] })
    assert.deepEqual(tellFindings(judged([camera, doubtful])), ['From another camera: B, was A'])
  })
})
