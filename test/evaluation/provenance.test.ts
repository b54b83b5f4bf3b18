import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProductPart } from '../../evaluation/fingerprint/fingerprint.ts'
import { describeOrigin, isOfPresentProduct } from '../../evaluation/harness/describe-origin.ts'
import { type CellOrigin, provenanceOf } from '../../evaluation/harness/provenance.ts'
import type { StoredResult } from '../../evaluation/harness/result-store.ts'
import { fingerprint } from './fingerprint/made-fingerprint.ts'

const cell = (date: string, seconds: number, commit?: string): CellOrigin => ({
  date: `${date}T12:00:00.000Z`,
  seconds,
  ...(commit && { commit }),
})

const stored = (...cells: readonly CellOrigin[]): StoredResult => ({
  command: 'npm run evaluate squares',
  date: '2026-11-26T13:00:00.000Z',
  machine: { cpu: 'x', cores: 2, memoryGiB: 8, system: 'Linux', node: '24.0.0', versions: {} },
  options: {},
  loadAtStart: 0,
  figures: {},
  ...(cells.length > 0 && { provenance: provenanceOf(cells, fingerprint()) }),
})

/** A result that depends on one part of the product. */
function withParts(...parts: readonly ProductPart[]): StoredResult {
  const provenance = provenanceOf([cell('2026-11-25', 90, 'abc')], fingerprint(), parts)
  return { ...stored(), provenance }
}

describe('provenanceOf', () => {
  it('adds up the time of all cells, those of earlier runs too', () => {
    const { measuredSeconds, cells, from, to, commits, clean } = provenanceOf(
      [cell('2026-11-25', 60, 'abc'), cell('2026-11-24', 0.25, 'abc')],
      fingerprint(),
    )
    assert.deepEqual(
      { measuredSeconds, cells, commits, clean },
      {
        measuredSeconds: 60.3,
        cells: 2,
        commits: ['abc'],
        clean: true,
      },
    )
    assert.deepEqual([from.slice(0, 10), to.slice(0, 10)], ['2026-11-24', '2026-11-25'])
  })

  it('is clean of one commit without changes alone', () => {
    const isClean = (...commits: (string | undefined)[]): boolean =>
      provenanceOf(
        commits.map((commit) => cell('2026-11-25', 1, commit)),
        fingerprint(),
      ).clean
    assert.ok(isClean('abc', 'abc'))
    assert.ok(!isClean('abc+'))
    assert.ok(!isClean('abc', 'abd'))
    assert.ok(!isClean(undefined))
  })

  it('refuses a result of no cells', () => {
    assert.throws(() => provenanceOf([], fingerprint()), RangeError)
  })
})

describe('describeOrigin', () => {
  it('tells the command, the day, the commit and the time of measuring, and warns of nothing', () => {
    const text = describeOrigin(stored(cell('2026-11-25', 90, 'abcdef1234')), fingerprint())
    assert.equal(
      text,
      '`npm run evaluate squares`, 2026-11-25, commit abcdef1, 1 min 30 s of measuring.',
    )
  })

  it('warns where the product computes other numbers now', () => {
    const present = fingerprint({ tests: 'another digest' })
    const text = describeOrigin(stored(cell('2026-11-25', 90, 'abc')), present)
    assert.match(text, /Older than the present product\*\*: since then the test changed/)
  })

  it('warns only of what the figures depend on', () => {
    const batch = stored(cell('2026-11-25', 90, 'abc'))
    const streams = withParts('streams')
    const changed = fingerprint({ streams: 'another digest' })
    assert.doesNotMatch(describeOrigin(batch, changed), /Older/)
    assert.match(describeOrigin(streams, changed), /since then the test of streams changed/)
    assert.ok(isOfPresentProduct(batch, changed) && !isOfPresentProduct(streams, changed))
    assert.doesNotMatch(describeOrigin(streams, fingerprint({ tests: 'another' })), /Older/)
    assert.match(describeOrigin(withParts('tests'), fingerprint({ tests: 'another' })), /Older/)
  })

  it('warns of changed code and of several commits', () => {
    const text = describeOrigin(
      stored(cell('2026-11-24', 1, 'abc'), cell('2026-11-25', 1, 'abd+')),
      fingerprint(),
    )
    assert.match(text, /2026-11-24 to 2026-11-25, commits abc, abd\+/)
    assert.match(text, /Not of one clean commit/)
  })

  it('says where nothing is known of the origin', () => {
    assert.match(describeOrigin(stored(), fingerprint()), /From before results kept their origin/)
  })
})
