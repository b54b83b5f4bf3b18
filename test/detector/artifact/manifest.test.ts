import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  storedManifestSchema,
  toSections,
} from '../../../src/detector/artifact/manifest-sections.ts'
import { loadDetector } from '../../../src/detector/index.ts'
import { tellFitNote } from '../../../src/wording/index.ts'

const OLD = fileURLToPath(new URL('../../fixtures/artifacts/version-1.pixeldrift', import.meta.url))

describe('a stored manifest', () => {
  it('has no word of what is undefined', async () => {
    await using detector = await loadDetector(OLD)
    const { manifest } = detector
    const undefinedToo = {
      ...manifest,
      classNames: undefined,
      blockBy: undefined,
      tolerance: undefined,
      counts: { ...manifest.counts, copies: undefined },
    }
    assert.equal(manifest.blockBy, undefined)
    assert.equal(JSON.stringify(toSections(undefinedToo)), JSON.stringify(toSections(manifest)))
  })
})

describe('the notes of a manifest', () => {
  it('are sentences in older artifacts, and said as they stand there', async () => {
    await using detector = await loadDetector(OLD)
    const { notes } = detector.manifest
    assert.ok(notes.length > 0)
    assert.ok(notes.every(({ code }) => code === 'text'))
    assert.match(tellFitNote(notes[0]), /^only \d+ held-out reference images: /)
  })

  it('are codes and numbers, and of a code that is known', async () => {
    await using detector = await loadDetector(OLD)
    const note = { code: 'left-out', images: 3 } as const
    const stored = { ...detector.manifest, notes: [note, 'a sentence'] }
    assert.deepEqual(storedManifestSchema.parse(stored).notes, [
      note,
      { code: 'text', text: 'a sentence' },
    ])
    const unknown = { ...stored, notes: [{ code: 'of-later', images: 3 }] }
    assert.ok(!storedManifestSchema.safeParse(unknown).success)
  })
})
