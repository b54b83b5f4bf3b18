import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  ARTIFACT_VERSION,
  readArtifact,
  writeArtifact,
} from '../../../src/detector/artifact/artifact.ts'
import {
  type CheckOptions,
  fit,
  type FitOptions,
  loadDetector,
} from '../../../src/detector/index.ts'
import { storedManifestSchema } from '../../../src/detector/artifact/manifest-sections.ts'
import { arrayImages, type ImageSource } from '../../../src/images/index.ts'
import { blobImages } from '../../fixtures/blob-images.ts'
import { brightnessClassifier } from '../../fixtures/brightness-classifier.ts'
import { temporaryFolder } from '../../images/stored-images.ts'

const SIDE = 8
const now = () => new Date('2026-11-23T14:05:00Z')
const folder = temporaryFolder()

/** Images in sessions of ten. */
function images(count: number, seed: number, background = 0.1): ImageSource {
  const pixels = blobImages({ count, seed, side: SIDE, background })
  const records = Array.from({ length: count }, (_, i) => ({
    id: `image ${i}`,
    label: i % 2 === 0 ? 'even' : 'odd',
    attributes: { session: String(Math.floor(i / 10)) },
  }))
  return arrayImages(pixels, records)
}

const kinds: Readonly<Record<string, FitOptions>> = {
  'default settings': {},
  'the published rule': { policy: { kind: 'relative', increase: 0.05 } },
  'tolerated changes': { tolerate: { brightness: 0.05 } },
  'blocks of images': { blockBy: 'session' },
  'a classifier': { classifier: { model: brightnessClassifier(1, SIDE) } },
  'a classifier that has not seen them': {
    classifier: { model: brightnessClassifier(1, SIDE) },
    unseenByClassifier: true,
  },
  'a reference of its own': { reference: images(80, 9) },
  'few feature groups': { features: ['property', 'outlier'] },
  'batch sizes prepared': { batchSizes: [30, 10], tolerate: { brightness: 0.05 } },
}

describe('a saved and loaded detector', () => {
  for (const [title, options] of Object.entries(kinds)) {
    it(`gives the same verdicts with ${title}`, async () => {
      const path = join(folder, `${title.replaceAll(' ', '-')}.pixeldrift`)
      const detector = await fit(images(300, 1), { epochs: 1, ...options })
      await detector.save(path)
      const loaded = await loadDetector(path)
      assert.deepEqual(loaded.manifest, detector.manifest)
      for (const batch of [images(30, 2), images(30, 3, 0.3)]) {
        assert.deepEqual(await loaded.check(batch, { now }), await detector.check(batch, { now }))
      }
      await detector.close()
      await loaded.close()
    })
  }

  it('clears batches of prepared sizes by the stored null and tests others exactly', async () => {
    const loaded = await loadDetector(join(folder, 'batch-sizes-prepared.pixeldrift'))
    assert.deepEqual(loaded.manifest.prepared, {
      sizes: [10, 30],
      draws: 1999,
      columnDraws: 199,
      revision: 2,
    })
    const modeOf = async (count: number, options: CheckOptions = {}): Promise<string> => {
      const {
        judgement: { threshold },
      } = await loaded.check(images(count, 4), options)
      return threshold.policy === 'relative' ? threshold.policy : threshold.mode
    }
    assert.equal(await modeOf(30), 'fast')
    assert.equal(await modeOf(10), 'fast')
    assert.equal(await modeOf(20), 'exact')
    assert.equal(await modeOf(30, { mode: 'exact' }), 'exact')
    // Above a fifth nothing is far enough from an alarm to be cleared.
    const policy = { kind: 'false-alarm-rate', rate: 0.2 } as const
    assert.equal(await modeOf(30, { policy, mode: 'auto' }), 'exact')
    assert.equal(await modeOf(20, { mode: 'fast' }), 'fast')
    await loaded.close()
  })

  it('keeps the sizes it was prepared for when more are added', async () => {
    const path = join(folder, 'more-sizes.pixeldrift')
    const loaded = await loadDetector(join(folder, 'batch-sizes-prepared.pixeldrift'))
    await loaded.withBatchSizes([20]).save(path)
    await loaded.close()
    const again = await loadDetector(path)
    assert.deepEqual(again.manifest.prepared?.sizes, [10, 20, 30])
    await again.close()
  })

  it('leaves out nulls of a version that kept none of single columns', async () => {
    const { manifest, files } = await readArtifact(
      join(folder, 'batch-sizes-prepared.pixeldrift'),
      storedManifestSchema,
    )
    const path = join(folder, 'older.pixeldrift')
    const older = { ...manifest, prepared: { sizes: [10, 30], draws: 1999 } }
    const kept = [...files].filter(([name]) => !name.startsWith('null-columns-'))
    assert.ok(kept.length < files.size)
    await writeArtifact(path, { manifest: older, files: new Map(kept) })
    const loaded = await loadDetector(path)
    assert.equal(loaded.manifest.prepared, undefined)
    const {
      judgement: { threshold },
    } = await loaded.check(images(30, 4))
    assert.equal(threshold.policy === 'false-alarm-rate' && threshold.mode, 'exact')
    await loaded.close()
  })

  it('is written as the same file when it is saved again', async () => {
    const path = join(folder, 'a-classifier.pixeldrift')
    const again = join(folder, 'again.pixeldrift')
    const loaded = await loadDetector(path)
    await loaded.save(again)
    assert.deepEqual(readFileSync(again), readFileSync(path))
    await loaded.close()
  })
})

const stored = fileURLToPath(new URL('../../fixtures/artifacts/', import.meta.url))

describe('a detector of every artifact version there was', () => {
  const names = readdirSync(stored).filter((name) => name.endsWith('.pixeldrift'))

  it('is stored, this version’s too', () => {
    const versions = names.map((name) => Number(/^version-(\d+)\.pixeldrift$/.exec(name)?.[1]))
    assert.deepEqual(
      versions.toSorted((a, b) => a - b),
      Array.from({ length: ARTIFACT_VERSION }, (_, i) => i + 1),
    )
  })

  for (const name of names) {
    it(`still loads and judges: ${name}`, async () => {
      const detector = await loadDetector(join(stored, name))
      assert.equal((await detector.check(images(30, 2))).judgement.severity, 'ok')
      assert.equal((await detector.check(images(30, 3, 0.3))).judgement.severity, 'drift')
      await detector.close()
    })
  }
})
