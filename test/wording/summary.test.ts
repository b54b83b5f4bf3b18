import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JudgedBatch } from '../../src/wording/index.ts'
import { summarise } from '../../src/wording/summary.ts'
import { batchOf, changed, judged } from './judged.ts'

const darker = changed('mean', [0.5, 0.25])

const said = (change: Partial<JudgedBatch> = {}): string => summarise(judged([darker], change))

describe('the summary', () => {
  it('says of drift in how many images, and what changed most', () => {
    assert.equal(
      said(),
      'At least 3% of these 20 images no longer look like the reference; most of all, they are darker (mean brightness 0.500 → 0.250, −50%).',
    )
    const changedShare = { atLeast: 0.009, estimate: 0.1, level: 0.95 }
    assert.equal(
      said({ changedShare, features: [], ...batchOf(12_000) }),
      'These 12,000 images no longer look like the reference.',
    )
  })

  it('says of quiet that there is nothing', () => {
    const quiet = { severity: 'ok', score: 0.4 } as const
    assert.equal(said(quiet), 'These 20 images look like the reference.')
    assert.equal(said({ ...quiet, ...batchOf(1) }), 'This image looks like the reference.')
  })

  it('says of a warning in how few images, as far as that is known', () => {
    const few = 'Something changed in these 20 images, but in few of them'
    const share = (atLeast: number, estimate: number): string =>
      said({ severity: 'warning', changedShare: { atLeast, estimate, level: 0.95 } })
    assert.equal(share(0, 0), `${few} (by estimate fewer than 1%).`)
    assert.equal(share(0.009, 0.014), `${few} (by estimate about 1%).`)
    assert.equal(share(0.029, 0.03), `${few} (at least 2%, by estimate about 3%).`)
    assert.equal(share(0.03, 0.03), `${few} (at least 3%).`)
    assert.equal(said({ severity: 'warning', changedShare: null }), `${few}.`)
  })

  it('says when a batch is suspect only because much of it could not be read', () => {
    const suspect = { severity: 'warning', score: 0.4 } as const
    assert.equal(
      said({ ...suspect, ...batchOf(20, { unread: 1500 }) }),
      'The 20 images that could be read look like the reference, but 1,500 could not be read.',
    )
    assert.match(
      said({ ...suspect, ...batchOf(1, { unread: 5 }) }),
      /^The 1 image that could be read looks like/,
    )
  })

  it('says how many images there were of those that are needed', () => {
    const few = { severity: 'insufficient-data', score: 0 } as const
    assert.equal(
      said({ ...few, ...batchOf(3) }),
      'Not enough images to judge: 3 readable, at least 5 are needed.',
    )
    assert.equal(
      said({ ...few, ...batchOf(1, { setAside: 1 }) }),
      'Not enough new images to judge: 1 was used to fit this detector, 1 other remains, at least 5 are needed.',
    )
    assert.match(
      said({ ...few, ...batchOf(4, { setAside: 40 }) }),
      /: 40 were used to fit this detector, 4 others remain,/,
    )
  })
})
