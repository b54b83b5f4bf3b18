import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRandom } from '../../src/tensor/index.ts'
import { SIGHTS } from '../../src/wording/observe.ts'
import { tellFindings } from '../../src/wording/findings.ts'
import type { CategoryEvidence } from '../../src/verdict/index.ts'
import { changed, judged, RELATIVE, type Values } from './judged.ts'

const told = (features: Readonly<Record<string, Values>>): string[] =>
  tellFindings(judged(Object.entries(features).map(([name, values]) => changed(name, values)))).map(
    (finding) => finding.replace(', in at least 45% of the images', ''),
  )

const shiftOf = (kind: 'prior' | 'appearance' | 'mixed' | 'unclear') => ({
  kind,
  priorPValue: 0.001,
  appearancePValue: 0.5,
  because: { code: 'few-of-classes' as const },
})

/** What changed, and all that is said of it. */
const TABLE: readonly (readonly [
  what: string,
  Readonly<Record<string, Values>>,
  said: readonly string[],
])[] = [
  [
    'darker images, whose contrast falls with the light',
    { mean: [0.5, 0.25], std: [0.2, 0.1], laplacian: [0.2, 0.1], noise: [0.02, 0.01] },
    [
      'Darker: mean brightness 0.500 → 0.250 (−50%)',
      'Less contrast: contrast 0.200 → 0.100 (−50%)',
    ],
  ],
  [
    'a blur, which takes the noise along',
    { laplacian: [0.2, 0.04, 0.9], noise: [0.02, 0.001, 1], std: [0.2, 0.18, 0.3] },
    ['Blurred: sharpness 0.200 → 0.0400 (−80%)', 'Less contrast: contrast 0.200 → 0.180 (−10%)'],
  ],
  [
    'less grain where edges stay',
    { noise: [0.02, 0.01] },
    ['Less fine grain: fine-grain noise 0.0200 → 0.0100 (−50%)'],
  ],
  [
    'grain, which raises sharpness, contrast and colour',
    {
      noise: [0.02, 0.1, 1],
      'smooth-noise': [0.01, 0.08, 1],
      laplacian: [0.2, 0.4, 0.9],
      std: [0.2, 0.22, 0.4],
      saturation: [0.2, 0.3, 0.4],
    },
    ['Noisier: fine-grain noise 0.0200 → 0.100 (5.0 times as much)'],
  ],
  [
    'harder edges, which a measure of noise takes for grain',
    { laplacian: [0.2, 0.3, 0.9], noise: [0.02, 0.04, 0.8] },
    ['Sharper: sharpness 0.200 → 0.300 (+50%)'],
  ],
  [
    'dead pixels, beyond what grain makes',
    { 'bright-spike': [0.1, 0.9, 1], noise: [0.02, 0.025, 0.5] },
    [
      'Single pixels that stand out: the brightest by 0.100 → 0.900 (9.0 times as much)',
      'Noisier: fine-grain noise 0.0200 → 0.0250 (+25%)',
    ],
  ],
  [
    'images of one tone',
    { std: [0.2, 0.001, 1], mean: [0.4, 0.5, 0.9] },
    [
      'Almost of one tone: contrast 0.200 → 0.00100 (−99%)',
      'Brighter: mean brightness 0.400 → 0.500 (+25%)',
    ],
  ],
  [
    'lost colours',
    { saturation: [0.3, 0, 1], chroma: [0.2, 0, 1], warmth: [0.04, 0, 0.6] },
    ['Lost their colour: saturation 0.300 → 0'],
  ],
  [
    'a warmer light',
    { warmth: [0.04, 0.14], chroma: [0.13, 0.18, 0.3] },
    [
      'Warmer in colour: red minus blue 0.0400 → 0.140 (3.5 times as much)',
      'Stronger colours: strength of colour 0.130 → 0.180 (+38%)',
    ],
  ],
  [
    'content that moved',
    { 'center-x': [0.52, 0.4], 'content-left': [0.24, 0.12, 0.5] },
    [
      'Content further left: centre of brightness from the left 52% → 40% of the width',
      'Content that begins further left: its left edge 24% → 12% of the width',
    ],
  ],
  [
    'bars beside the picture',
    { 'black-fraction': [0.01, 0.3, 1], 'zero-fraction': [0.01, 0.3, 1], 'row-line': [0.06, 0.24] },
    [
      'Larger black areas: 1% → 30% of the pixels',
      'Straight lines or edges across them: strongest horizontal line 0.0600 → 0.240 (4.0 times as much)',
    ],
  ],
  [
    'what only software sees, and the unusualness that comes of it',
    {
      'off-grid-fraction': [0, 0.97, 1],
      'outlier-distance': [0.9, 1.8, 0.99],
      loss: [0.2, 0.21, 0.3],
    },
    [
      'Values between the grey levels of image files, as after resizing or filtering: 0% → 97% of the pixels',
      'More unusual as a whole: distance from the training images 0.900 → 1.80 (+100%)',
    ],
  ],
  [
    'other content, which nothing else explains',
    { 'outlier-neighbours': [3.7, 6], 'outlier-distance': [0.9, 1.8], 'excess-loss': [0.1, 0.4] },
    [
      'Other content than the training images: distance from the most similar training images 3.70 → 6.00 (+62%)',
      'Harder for the autoencoder to redraw: avoidable reconstruction loss 0.100 → 0.400 (4.0 times as much)',
    ],
  ],
  [
    'something that is only learned',
    { 'code-3': [0.1, 0.4] },
    [
      'Changed in what the autoencoder learned of them: title of code-3 0.100 → 0.400 (4.0 times as much)',
    ],
  ],
]

describe('findings', () => {
  for (const [what, features, said] of TABLE) {
    it(`are ${what}`, () => assert.deepEqual(told(features), said))
  }

  it('say in how many images at least, rounded down, and nothing below one percent', () => {
    const said = (changedShare: number) =>
      tellFindings(judged([changed('mean', [0.2, 0.3], { changedShare })]))[0]
    assert.equal(
      said(0.456),
      'Brighter: mean brightness 0.200 → 0.300 (+50%), in at least 45% of the images',
    )
    assert.doesNotMatch(said(0.009), /images/)
  })

  it('say so where images changed but hardly their mean', () => {
    const [said] = tellFindings(judged([changed('mean', [0.2, 0.201], { auc: 0.49 })]))
    assert.match(
      said,
      /^Changed in brightness, though hardly on average: mean brightness 0\.200 → 0\.201/,
    )
  })

  it('say so where a change is sure but slight', () => {
    assert.match(
      told({ mean: [0.5, 0.48] })[0],
      /^Slightly darker: mean brightness 0\.500 → 0\.480 \(−4%\)/,
    )
    assert.match(told({ std: [0.5, 0.51] })[0], /^Slightly more contrast: /)
    assert.match(told({ laplacian: [0.403, 0.385] })[0], /^Slightly blurred: /)
    assert.match(told({ 'row-line': [0.403, 0.41] })[0], /^Straight lines/)
  })

  it('never round a change to nothing, nor print a minus before a zero', () => {
    for (const to of [0.1315, 0.13146, 0.131, 0.1309, 0.12, 0.09, 0.0001, 0, 1.3, 130, 9000]) {
      const [said = ''] = told({ mean: [0.13145, to] })
      assert.doesNotMatch(said, /[-−+]0(\.0+)?%|\(\)|-|NaN|∞/)
      const [, from, until] = /brightness (\S+) → (almost 0|\S+)/.exec(said) ?? []
      assert.notEqual(from, until, said)
    }
  })

  it('put what is faint behind the traces of software', () => {
    const said = told({ mean: [0.5, 0.49, 0.15], 'off-grid-fraction': [0, 0.9, 1] })
    assert.match(said[0], /^Values between/)
    assert.match(said[1], /^Slightly darker/)
  })

  it('are at most six, of which four are seen', () => {
    const said = told({
      mean: [0.5, 0.4, 1],
      'row-line': [0.1, 0.3, 1],
      blockiness: [0.1, 0.5, 1],
      'white-fraction': [0.1, 0.3, 1],
      'black-fraction': [0.1, 0.3, 1],
      warmth: [0.1, 0.4, 1],
      'off-grid-fraction': [0, 0.9, 1],
      'level-gaps': [0.1, 0.9, 1],
      'flat-fraction': [0.1, 0.9, 1],
      'outlier-distance': [1, 3, 1],
    })
    assert.equal(said.length, 6)
    assert.match(said[4], /^Values between/)
  })

  it('are few, whole sentences of whatever changed at once', () => {
    const random = createRandom(1)
    const columns = SIGHTS.flatMap((sight) => sight.columns.map(([name]) => name))
    for (let i = 0; i < 300; i++) {
      const values = (): [number, number, number] => [
        random.uniform(),
        random.uniform() * 2 ** random.integer(3),
        random.uniform(),
      ]
      const some = columns.filter(() => random.uniform() < 0.3)
      const said = told(Object.fromEntries(some.map((name) => [name, values()])))
      assert.ok(said.length <= 6)
      for (const finding of said) assert.match(finding, /^[A-Z][^\n]+: [^\n]*\d.* → .*[\d)%a-z]$/)
    }
  })

  it('of a batch that differs only as a whole are what differs most', () => {
    const unsure = changed('mean', [0.2, 0.3], { adjustedPValue: 0.4 })
    assert.match(tellFindings(judged([unsure]))[0], /^Brighter/)
  })

  it('tell a change of the class mix from a change of appearance', () => {
    const said = (kind: 'prior' | 'appearance' | 'mixed' | 'unclear') =>
      tellFindings(judged([], { shift: shiftOf(kind) })).join('')
    assert.match(said('prior'), /^The mix of classes changed.*prior shift/)
    assert.match(said('appearance'), /appearance shift/)
    assert.match(said('mixed'), /look different, and the classes are predicted in other shares/)
    assert.match(
      said('unclear'),
      /^Can't tell .*: the reference holds too few images of the classes in this batch$/,
    )
  })

  it('name the classes before what they look like where their mix changed alone, and after it otherwise', () => {
    const classes: CategoryEvidence = {
      kind: 'category',
      name: 'predicted-class',
      group: 'prediction',
      title: 'predicted class',
      shares: [
        { index: 1, name: 'cat', reference: 0.1, batch: 0.311 },
        { index: 2, name: 'dog', reference: 0.12, batch: 0.031 },
        { index: 0, name: null, reference: 0.08, batch: 0 },
        { index: 3, name: 'ship', reference: 0.3, batch: 0.301 },
      ],
      totalVariation: 0.2,
      changedShare: 0.1,
      pValue: 0.001,
      adjustedPValue: 0.001,
    }
    const features = [changed('mean', [0.2, 0.3]), classes]
    const shares = "Predicted in other shares: 'cat' 10% → 31%, 'dog' 12% → 3.1%, class 0 8.0% → 0%"
    const prior = tellFindings(judged(features, { shift: shiftOf('prior') }))
    assert.equal(prior[1], shares)
    const other = tellFindings(judged(features))
    assert.match(other[0], /^Brighter/)
    assert.equal(other[1], shares)
  })

  it('begin with the loss under the published rule', () => {
    const relativeIncrease = { value: 0.5, low: 0.4, high: 0.6, level: 0.95 }
    const loss = { baseline: 0.2, mean: 0.3, relativeIncrease }
    const said = tellFindings(judged([], { loss, threshold: RELATIVE }))
    assert.deepEqual(said, ['Reconstruction loss: 0.200 → 0.300 (+50%)'])
  })

  it('are none while the threshold was not passed, whatever the severity', () => {
    for (const severity of ['ok', 'warning', 'insufficient-data'] as const) {
      const quiet = judged([changed('mean', [0.2, 0.3])], { severity, score: 0.9 })
      assert.deepEqual(tellFindings(quiet), [])
    }
  })
})
