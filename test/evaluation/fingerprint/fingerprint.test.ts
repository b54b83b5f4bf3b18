import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { changedParts } from '../../../evaluation/fingerprint/changed-parts.ts'
import {
  type Fingerprint,
  fingerprintId,
  partId,
  takeFingerprint,
} from '../../../evaluation/fingerprint/fingerprint.ts'
import { fingerprint } from './made-fingerprint.ts'

describe('takeFingerprint', () => {
  let first: Fingerprint
  before(async () => {
    first = await takeFingerprint()
  })

  it('is the same each time, to the last digit', async () => {
    const second = await takeFingerprint()
    assert.deepEqual(second, first)
    assert.equal(fingerprintId(second), fingerprintId(first))
  })

  it('survives JSON, which is how it is kept', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(first)), first)
  })

  it('looks at columns of every group, with and without a classifier', () => {
    // Two detectors of some 110 and 140 columns; none of them the same for all images in both.
    assert.ok(first.features.length > 200)
    const moving = first.features.filter(([, deviation]) => deviation > 0)
    assert.ok(moving.length > 0.8 * first.features.length)
  })

  it('holds verdicts of clean batches, of drift, and of both kinds of shift', () => {
    const severities = new Set(first.verdicts.map(({ severity }) => severity))
    const shifts = new Set(first.verdicts.map(({ shift }) => shift))
    assert.ok(severities.has('ok') && severities.has('drift'))
    assert.ok(shifts.has('prior') && shifts.has('appearance') && shifts.has(null))
  })
})

describe('changedParts', () => {
  it('finds nothing where only the rounding of another machine differs', () => {
    const rounded = fingerprint({
      features: [
        [0.5005, 0.1003],
        [3.0001, 0],
      ],
      verdicts: [{ probe: 'clean', severity: 'ok', shift: null, pValue: 0.41 }],
    })
    assert.deepEqual(changedParts(fingerprint(), rounded), [])
  })

  for (const [what, changes, part] of [
    [
      'a mean that moved',
      {
        features: [
          [0.51, 0.1],
          [3, 0],
        ],
      },
      'features',
    ],
    [
      'a spread that moved',
      {
        features: [
          [0.5, 0.11],
          [3, 0],
        ],
      },
      'features',
    ],
    [
      'one more column',
      {
        features: [
          [0.5, 0.1],
          [3, 0],
          [1, 1],
        ],
      },
      'features',
    ],
    ['other p-values', { tests: 'another digest' }, 'tests'],
    ['other evidence of streams', { streams: 'another digest' }, 'streams'],
    [
      'another severity',
      { verdicts: [{ probe: 'clean', severity: 'drift', shift: null, pValue: 0.4 }] },
      'verdicts',
    ],
    [
      'another kind of shift',
      { verdicts: [{ probe: 'clean', severity: 'ok', shift: 'prior', pValue: 0.4 }] },
      'verdicts',
    ],
    [
      'a p-value that is no longer told',
      { verdicts: [{ probe: 'clean', severity: 'ok', shift: null, pValue: null }] },
      'verdicts',
    ],
  ] as const satisfies [string, Partial<Fingerprint>, string][]) {
    it(`tells ${what}`, () => {
      assert.deepEqual(changedParts(fingerprint(), fingerprint(changes)), [part])
    })
  }
})

describe('partId', () => {
  it('names the numbers of one part, whatever the others are', () => {
    const other = fingerprint({ tests: 'another digest' })
    assert.equal(partId(fingerprint(), 'features'), partId(other, 'features'))
    assert.notEqual(partId(fingerprint(), 'tests'), partId(other, 'tests'))
    assert.notEqual(fingerprintId(fingerprint()), fingerprintId(other))
  })
})
