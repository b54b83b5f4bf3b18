import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Repeats } from '../../src/verdict/index.ts'
import { tellRepeats } from '../../src/wording/index.ts'
import { repeatsHeadline } from '../../src/wording/repeats-words.ts'
import { repeating } from './judged.ts'

type Case = readonly [kind: Repeats['kind'], change: Partial<Repeats>, words: string]

const CASES: readonly Case[] = [
  ['frozen', {}, '60 of 100 images are copies of one image: the feed seems to be frozen'],
  ['frozen', { isNear: true }, '60 of 100 images are nearly the same: the feed seems to be frozen'],
  ['loop', { different: 3 }, '3 different images repeat in turn: a loop'],
  [
    'loop',
    { different: 3, isNear: true },
    '3 different images repeat in turn, nearly the same each time: a loop',
  ],
  ['each', { times: 2 }, 'every image came twice'],
  ['each', { times: 3 }, 'every image came 3 times'],
  ['each', { times: 2, isNear: true }, 'every image came twice, nearly the same each time'],
  ['some', { images: 1200, of: 10_000 }, '1,200 of 10,000 images are copies of others'],
  ['some', { images: 1 }, '1 of 100 images is a copy of another'],
  ['some', { isNear: true }, '60 of 100 images are nearly the same as another'],
  ['some', { images: 1, isNear: true }, '1 of 100 images is nearly the same as another'],
]

describe('images that repeat others', () => {
  for (const [kind, change, words] of CASES) {
    it(`are said: ${words}`, () => assert.equal(tellRepeats(repeating(kind, change)), words))
  }

  it('have a headline each', () => {
    assert.equal(repeatsHeadline(repeating('frozen')), 'The feed seems to be frozen')
    assert.equal(repeatsHeadline(repeating('loop')), 'The same images come in a loop')
    assert.equal(repeatsHeadline(repeating('each', { times: 3 })), 'Every image came 3 times')
    assert.equal(repeatsHeadline(repeating('some')), 'Many images repeat others')
  })
})
