import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { detectorId, type Unidentified } from '../../../src/detector/artifact/identity.ts'
import { detectorManifestSchema } from '../../../src/detector/artifact/manifest.ts'
import { fit, type FitOptions, loadDetector } from '../../../src/detector/index.ts'
import { detectorFiles } from '../../../src/detector/artifact/storage.ts'
import { completePolicy, type Policy } from '../../../src/judging/index.ts'
import { arrayImages, type ImageSource } from '../../../src/images/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { temporaryFolder } from '../../images/stored-images.ts'

const SIDE = 8

function images(): ImageSource {
  const records = Array.from({ length: 200 }, (_, i) => ({
    id: `image ${i}`,
    attributes: { session: String(Math.floor(i / 10)) },
  }))
  return arrayImages(blobImages({ count: 200, seed: 1, side: SIDE }), records)
}

async function idOf(options: FitOptions = {}, source = images()): Promise<string> {
  const detector = await fit(source, { epochs: 1, ...options })
  await detector.close()
  return detector.manifest.id
}

/** Every setting of a fit that changes what a check says, changed. */
const judging: Readonly<Record<string, FitOptions>> = {
  seed: { seed: 3 },
  epochs: { epochs: 2 },
  preset: { preset: 'recipe' },
  workingSide: { workingSide: 4 },
  resize: { resize: 'contain' },
  maxImages: { maxImages: 150 },
  'policy, another rate': { policy: { kind: 'false-alarm-rate', rate: 0.02 } },
  'policy, another kind': { policy: { kind: 'relative', increase: 0.02 } },
  tolerate: { tolerate: { brightness: 0.05 } },
  tolerateFiles: { tolerateFiles: ['camera'] },
  features: { features: ['property'] },
  blockBy: { blockBy: 'session' },
  batchSizes: { batchSizes: [10] },
  'other batchSizes': { batchSizes: [12] },
  classifier: { classifier: { model: brightnessClassifier(1, SIDE) } },
}

/** Settings that change how it is fitted, not what it says. */
const silent: Readonly<Record<string, FitOptions>> = {
  strict: { strict: true },
  threads: { threads: 1 },
  device: { device: 'cpu' },
  checkpoint: { checkpoint: join(temporaryFolder(), 'state') },
  'undefined, as if left out': {
    tolerate: { noise: undefined },
    blockBy: undefined,
    classNames: undefined,
    signal: undefined,
  },
  now: { now: () => new Date('2001-02-03T04:05:06Z') },
}

const MANIFEST: Unidentified = {
  libraryVersion: '1.2.3',
  fittedAt: '2026-11-23T14:05:00.000Z',
  versions: { pixeldrift: '1.2.3', onnxruntime: '1', sharp: '1', node: '1' },
  seed: 1,
  shape: [1, 8, 8],
  resize: 'stretch',
  depth: 8,
  policy: completePolicy({ kind: 'false-alarm-rate', rate: 0.01 }),
  features: ['property'],
  readFrom: 'files',
  blockBy: 'session',
  location: 'here',
  counts: { available: 10, training: 6, validation: 1, reference: 3, skipped: 0 },
  columns: [{ name: 'a', group: 'property', title: 'A' }],
  classNames: ['cat', 'dog'],
  labels: ['cat', 'dog'],
  tolerated: [{ title: 'noise', rows: 3 }],
  tolerance: {
    limits: { noise: 0.1 },
    copies: 9,
    dimensions: 2,
    probes: 3,
    unfitted: [],
    untested: ['a'],
  },
  prepared: { sizes: [10], draws: 100 },
  thumbnails: 2,
  notes: [{ code: 'text', text: 'a note' }],
}
const FILES = new Map([
  ['reference.f32', Uint8Array.of(1, 2, 3)],
  ['classifier.onnx', Uint8Array.of(4)],
])

describe('the id of a detector', () => {
  it('differs for every setting that changes what a check says', async () => {
    const ids = new Map([['defaults', await idOf()]])
    for (const [name, options] of Object.entries(judging)) ids.set(name, await idOf(options))
    const byId = Map.groupBy(ids.keys(), (name) => ids.get(name))
    assert.deepEqual(
      [...byId.values()].filter((names) => names.length > 1),
      [],
    )
  })

  it('is the same whatever else is set, and wherever and whenever it was fitted', async () => {
    const usual = await idOf()
    for (const [name, options] of Object.entries(silent))
      assert.equal(await idOf(options), usual, name)
    assert.equal(await idOf({}, { ...images(), location: 'elsewhere' }), usual)
  })

  it('changes when batch sizes are prepared, and comes back from a file', async () => {
    const detector = await fit(images(), { epochs: 1 })
    const prepared = detector.withBatchSizes([10])
    assert.notEqual(prepared.manifest.id, detector.manifest.id)
    const path = join(temporaryFolder(), 'd.pixeldrift')
    await prepared.save(path)
    const loaded = await loadDetector(path)
    assert.equal(loaded.manifest.id, prepared.manifest.id)
    assert.equal(loaded.withBatchSizes([12]).manifest.id, prepared.withBatchSizes([12]).manifest.id)
    const held = detectorFiles(loaded, loaded.baseline)
    // What the id leaves out goes by these names.
    for (const name of ['thumbnails.f32', 'autoencoder.json', 'reference-records.json'])
      assert.ok(held.has(name), name)
    await Promise.all([detector.close(), prepared.close(), loaded.close()])
  })

  it('depends on each field of the manifest that judges and on no other', () => {
    const changed: Unidentified = {
      ...MANIFEST,
      libraryVersion: '9.9.9',
      fittedAt: '2027-01-01T00:00:00.000Z',
      versions: { pixeldrift: '9', onnxruntime: '9', sharp: '9', node: '9' },
      seed: 2,
      shape: [1, 8, 9],
      resize: 'cover',
      depth: 16,
      policy: completePolicy({ kind: 'false-alarm-rate', rate: 0.02 }),
      features: ['property', 'code'],
      toleratedFiles: ['size'],
      readFrom: 'arrays',
      blockBy: 'folder',
      location: 'there',
      outputsTrust: 'stated',
      referenceSource: { location: 'there', available: 9, leftOut: 0, skipped: 0 },
      counts: { ...MANIFEST.counts, available: 11 },
      columns: [{ name: 'a', group: 'property', title: 'B' }],
      classNames: ['cat', 'bird'],
      labels: ['dog', 'cat'],
      tolerated: [{ title: 'noise', rows: 2 }],
      tolerance: {
        limits: { noise: 0.1 },
        copies: 9,
        dimensions: 2,
        probes: 3,
        unfitted: [],
        untested: [],
      },
      prepared: { sizes: [11], draws: 100 },
      thumbnails: 3,
      notes: [],
    }
    const free = new Set([
      'libraryVersion',
      'fittedAt',
      'versions',
      'location',
      'readFrom',
      'referenceSource',
      'counts',
      'thumbnails',
      'notes',
    ])
    const usual = detectorId(MANIFEST, FILES)
    for (const key of Object.keys(detectorManifestSchema.shape)) {
      if (key === 'id' || key === 'ids') continue
      assert.ok(key in changed, `this test knows no other value of ${key}`)
      const other = { ...MANIFEST, [key]: changed[key as keyof typeof changed] }
      assert.equal(detectorId(other, FILES) === usual, free.has(key), key)
    }
  })

  it('depends on the bytes and names of files, not on their order', () => {
    const usual = detectorId(MANIFEST, FILES)
    assert.equal(detectorId(MANIFEST, new Map([...FILES].toReversed())), usual)
    const others = [
      new Map([...FILES].map(([name, bytes]) => [`${name}2`, bytes])),
      new Map([...FILES, ['outlier.json', Uint8Array.of(4)]]),
      new Map([...FILES, ['reference.f32', Uint8Array.of(1, 2, 4)]]),
      new Map([['reference.f32', Uint8Array.of(1, 2, 3, 4)]]),
    ].map((files) => detectorId(MANIFEST, files))
    assert.equal(new Set([usual, ...others]).size, 5)
    const pictures = new Map([
      ...FILES,
      ['thumbnails.f32', Uint8Array.of(9)],
      ['autoencoder.json', Uint8Array.of(9)],
      ['reference-records.json', Uint8Array.of(9)],
    ])
    assert.equal(detectorId(MANIFEST, pictures), usual)
  })

  it('does not depend on the order in which settings were written', () => {
    const policy = Object.fromEntries(Object.entries(MANIFEST.policy).toReversed()) as Policy
    const reordered = { ...MANIFEST, policy }
    assert.equal(detectorId(reordered, FILES), detectorId(MANIFEST, FILES))
  })
})
