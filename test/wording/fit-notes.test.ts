import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FitNote } from '../../src/verdict/index.ts'
import { tellFitNote } from '../../src/wording/index.ts'

const SAID: readonly (readonly [note: FitNote, words: RegExp])[] = [
  [{ code: 'text', text: 'the arrays hold bytes' }, /^the arrays hold bytes$/],
  [
    { code: 'outputs-untrusted' },
    /outputs do not count: .* are memory\. Give .*--unseen-by-classifier/,
  ],
  [
    { code: 'outputs-untrusted', right: 499, labelled: 500 },
    /are memory \(it is right on 499 of 500 labelled held-out images/,
  ],
  [{ code: 'outputs-suspicious', right: 499, labelled: 500 }, /count, .* but it is right on 499/],
  [
    { code: 'few-reference', reference: 300, largest: 15, rateMayBeOff: true, more: 'max-images' },
    /^only 300 held-out .* may be off; raise --max-images, a few thousand at least$/,
  ],
  [
    { code: 'few-reference', reference: 800, largest: 40, rateMayBeOff: false, more: 'images' },
    /: keep batches to 40 images, or bring more images$/,
  ],
  [
    { code: 'not-used', unused: 30, available: 100, isAsked: true },
    /^30 of 100 images were not used: 70 were drawn at random, as --max-images says$/,
  ],
  [
    { code: 'not-used', unused: 30, available: 100, isAsked: false },
    /70 were drawn at random, as many of this size/,
  ],
  [{ code: 'most-held-out', reference: 10_000 }, /^10000 images are held out, the most/],
  [{ code: 'reference-drawn', drawn: 10, available: 12 }, /^10 of 12 reference images were drawn/],
  [{ code: 'left-out', images: 4 }, /^4 reference images are also among the images to learn/],
  [{ code: 'copies', images: 3, areLearned: false }, /^3 .* and were not learned from$/],
  [{ code: 'copies', images: 3, areLearned: true }, /^3 .* too many to do without: the baseline/],
  [
    { code: 'unreadable', images: 1, of: 200, from: 'reference' },
    /^1 of 200 reference images could not be read$/,
  ],
  [
    { code: 'unreadable', images: 1, of: 200, from: 'learning' },
    /^1 of 200 images to learn from could not be read$/,
  ],
  [
    { code: 'untested-features', names: ['mean', 'edge'], of: 90 },
    /^2 of 90 features are no evidence, .*: mean, edge$/,
  ],
  [
    { code: 'unchanged-vectors', names: ['logits', 'embeddings'] },
    /^logits and embeddings were given for unchanged images only/,
  ],
]

describe('a note of a fit', () => {
  for (const [note, words] of SAID) {
    it(`is said in words: ${JSON.stringify(note)}`, () => {
      assert.match(tellFitNote(note), words)
    })
  }
})
