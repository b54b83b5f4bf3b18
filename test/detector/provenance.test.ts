import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadDetector } from '../../src/detector/index.ts'
import { tellNote } from '../../src/wording/index.ts'
import { notesOnDecoding } from '../../src/detector/decoding-note.ts'
import { installedVersions } from '../../src/detector/provenance.ts'
import { arrayImages } from '../../src/images/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const APRIL = '2026-04-01T08:00:00.000Z'
const MAY = '2026-05-02T09:30:00.000Z'

/** Of the package's own package.json, wherever it lies. */
function packageVersion(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  for (;;) {
    try {
      const text = readFileSync(join(folder, 'package.json'), 'utf8')
      const found = JSON.parse(text) as { name?: string; version?: string }
      if (found.name === name) return found.version!
    } catch {}
    folder = dirname(folder)
  }
}

describe('versions', () => {
  it('are those of the installed packages', async () => {
    const { version } = JSON.parse(
      readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
    ) as { version: string }
    assert.deepEqual(await installedVersions(), {
      pixeldrift: version,
      onnxruntime: packageVersion('onnxruntime-node'),
      sharp: packageVersion('sharp'),
      decoding: `sharp ${packageVersion('sharp')}, @cwasm/jpeg-turbo 0.1.3, rule 3`,
      node: process.versions.node,
    })
  })
})

describe('decoders', () => {
  it('that differ from those of the fit are told, for sources they read', async () => {
    const versions = await installedVersions()
    const others = { ...versions, decoding: 'sharp 9' }
    const by = (kind: string) => [{ location: 'here', kind, decoding: versions.decoding }]
    assert.deepEqual(notesOnDecoding(versions, by('folder')), [])
    assert.deepEqual(notesOnDecoding(others, by('npy')), [])
    assert.match(
      notesOnDecoding(others, by('folder')).map(tellNote).join(),
      /by sharp 9, now by sharp [\d.]+/,
    )
    assert.match(notesOnDecoding(undefined, by('tar')).map(tellNote).join(), /by an older version/)
    assert.equal(notesOnDecoding(others, [...by('folder'), ...by('tar')]).length, 1)
  })
})

describe('a detector and its verdicts', () => {
  it('say when, with what and on what, by the clock they are given', async () => {
    const detector = await fitTinyDetector({ now: () => new Date(APRIL) })
    const batch = arrayImages(blobImages({ count: 20, seed: 5 }))
    const verdict = await detector.check(batch, { now: () => new Date(MAY) })
    const path = join(temporaryFolder(), 'dated.pixeldrift')
    await detector.save(path)
    await detector.close()

    assert.equal(verdict.period.judgedAt, MAY)
    assert.deepEqual(verdict.versions, await installedVersions())
    assert.equal(verdict.source.location, batch.location)
    const { fittedAt, location, counts } = verdict.detector
    assert.equal(fittedAt, APRIL)
    assert.equal(location, detector.manifest.location)
    assert.equal(counts.available, 400)
    assert.equal(counts.reference, detector.manifest.counts.reference)

    const loaded = await loadDetector(path)
    await loaded.close()
    assert.equal(loaded.manifest.fittedAt, APRIL)
    assert.deepEqual(loaded.manifest.versions, verdict.versions)
  })

  it('go by the system’s clock when none is given', async () => {
    const before = Date.now()
    const detector = await fitTinyDetector()
    const verdict = await detector.check(arrayImages(blobImages({ count: 3, seed: 5 })))
    await detector.close()
    const [fitted, checked] = [detector.manifest.fittedAt!, verdict.period.judgedAt].map(Date.parse)
    assert.ok(before <= fitted && fitted <= checked && checked <= Date.now())
    assert.equal(verdict.judgement.severity, 'insufficient-data')
  })

  it('keep their id and everything else on another day', async () => {
    const fitOn = async (day: string) => {
      const detector = await fitTinyDetector({ now: () => new Date(day) })
      await detector.close()
      return detector.manifest
    }
    const [first, second] = [await fitOn(APRIL), await fitOn(MAY)]
    assert.deepEqual({ ...second, fittedAt: APRIL }, first)
  })
})
