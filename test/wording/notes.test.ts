import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Note } from '../../src/verdict/index.ts'
import { tellNote } from '../../src/wording/index.ts'

const confidence = { reference: 0.9996, batch: 0.7 }

/** Every note there is, and how it begins and ends. */
const TABLE: readonly (readonly [Note, RegExp])[] = [
  [
    { code: 'learned', images: 2, of: 5000 },
    /^2 of 5,000 images were used to fit this detector and are left out/,
  ],
  [{ code: 'learned', images: 1, of: 5 }, /^1 of 5 images was used .* and is left out/],
  [
    { code: 'held-out', images: 3, of: 5 },
    /^3 of 5 images are held-out reference images of this detector, compared with themselves/,
  ],
  [{ code: 'held-out', images: 1, of: 1 }, /^1 of 1 image is a held-out reference image .* itself/],
  [
    { code: 'copies', images: 3, of: 6 },
    /^3 of 6 images are exact copies of others in this batch$/,
  ],
  [{ code: 'copies', images: 1, of: 6 }, /^1 of 6 images is an exact copy of another/],
  [{ code: 'source', text: 'as it is' }, /^as it is$/],
  [{ code: 'unused-vectors', names: ['embeddings'] }, /^embeddings given beside .* had none$/],
  [
    { code: 'small-batch', images: 10, missed: 0.3487 },
    /^with 10 images, a change of every tenth image is absent from the batch 35% of the time$/,
  ],
  [
    { code: 'sampled', images: 400, of: 9000 },
    /^tested on a random sample of 400 of 9,000 images; the loss is of all of them$/,
  ],
  [{ code: 'unreadable', images: 2, of: 9002 }, /^2 of 9,002 images could not be read$/],
  [
    { code: 'large-batch', reference: 9000, largest: 450, more: 'images' },
    /^the batch is large for 9,000 held-out reference images: above 450, .*; fit on more images, or send smaller batches$/,
  ],
  [{ code: 'large-batch', reference: 10_000, largest: 500, more: null }, /; send smaller batches$/],
  [
    { code: 'few-blocks', blocks: 1, reference: 4, level: 0.05 },
    /^no alarm is possible: 1 block against 4 of the reference can't reach p ≤ 0\.05;/,
  ],
  [
    { code: 'outputs-untrusted', confidence: null },
    /^the classifier’s outputs do not count: .* on the reference images$/,
  ],
  [
    { code: 'outputs-untrusted', confidence },
    /less sure here than on the held-out images \(mean confidence over 0\.999 → 0\.700\)/,
  ],
  [{ code: 'outputs-alone', confidence }, /^only the classifier’s outputs changed.*no drift$/],
  [
    { code: 'decoding', fitted: null, now: 'sharp 9' },
    /resized by an older version, now by sharp 9: pixels may differ/,
  ],
]

describe('notes in words', () => {
  for (const [note, said] of TABLE) {
    it(`tell ${note.code}`, () => assert.match(tellNote(note), said))
  }
})
