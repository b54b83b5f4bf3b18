import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { notesOnUnused } from '../../src/judging/unused-outputs.ts'

describe('model outputs beside the images', () => {
  it('are said to play no part where the reference had none of them', () => {
    const unused = (...names: ('logits' | 'embeddings')[]) => [{ code: 'unused-vectors', names }]
    assert.deepEqual(notesOnUnused({}, ['logits', 'embeddings']), unused('logits', 'embeddings'))
    assert.deepEqual(notesOnUnused({ logits: 10 }, ['logits', 'embeddings']), unused('embeddings'))
    assert.deepEqual(notesOnUnused({ logits: 10, embeddings: 5 }, ['embeddings', 'logits']), [])
    assert.deepEqual(notesOnUnused({}, []), [])
  })
})
