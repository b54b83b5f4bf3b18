import { measureRows } from '../../src/representations/index.ts'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Detector } from '../../src/detector/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'
import { runPixeldrift } from '../cli/run-pixeldrift.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const SCRIPT = fileURLToPath(new URL('score-with-python.py', import.meta.url))

const SILENT = { ...process.env, ORT_DISABLE_TELEMETRY: '1', ORT_TELEMETRY_DISABLED: '1' }

/** A Python with onnxruntime and NumPy: the one that is named, else the system's. */
const python = process.env['PIXELDRIFT_PYTHON'] ?? 'python3'
const skip =
  spawnSync(python, ['-c', 'import numpy, onnxruntime'], { env: SILENT }).status !== 0 &&
  'needs a Python with test/e2e/requirements.txt, named by PIXELDRIFT_PYTHON or as python3'

type Scored = {
  readonly outputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >
  readonly metadata: Readonly<Record<string, string>>
}

async function exportAndScore(detector: Detector, pixels: Tensor): Promise<Scored> {
  const folder = temporaryFolder()
  await detector.save(join(folder, 'd.pixeldrift'))
  const exported = await runPixeldrift(['export', 'd.pixeldrift', '--out', 'scorer.onnx'], {
    cwd: folder,
  })
  assert.equal(exported.code, 0, exported.stderr)
  const images = { shape: pixels.shape, values: [...pixels.data] }
  writeFileSync(join(folder, 'images.json'), JSON.stringify(images))
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as Scored
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, name: string): void {
  assert.equal(actual.length, expected.length, name)
  for (let i = 0; i < expected.length; i++) {
    const allowed = 1e-5 + 1e-4 * Math.abs(expected[i])
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= allowed,
      `${name}[${i}]: ${actual[i]} in Python, ${expected[i]} here`,
    )
  }
}

describe('the exported scoring model in onnxruntime for Python', () => {
  const kinds = [
    ['grey images', {}, { side: 12 }],
    ['colour images whose sides do not halve evenly', {}, { side: 18, channels: 3 }],
    ['the published architecture', { preset: 'recipe', epochs: 1 }, { side: 28 }],
  ] as const
  for (const [title, options, images] of kinds) {
    it(`gives our numbers for ${title}`, { skip }, async () => {
      const detector = await fitTinyDetector(options, { count: 120, ...images })
      const { autoencoder } = detector.extractor
      const pixels = blobImages({ count: 7, seed: 9, ...images })
      const { outputs, metadata } = await exportAndScore(detector, pixels)

      const columns = await measureRows(autoencoder, { pixels })
      const width = autoencoder.columns.length
      assert.deepEqual(outputs['columns']?.shape, [7, width])
      assertClose(outputs['columns'].values, columns, 'columns')
      assert.deepEqual(outputs['loss']?.shape, [7])
      const losses = Array.from({ length: 7 }, (_, row) => columns[row * width])
      assertClose(outputs['loss'].values, losses, 'loss')
      const reconstruction = await autoencoder.reconstruct(pixels)
      assert.deepEqual(outputs['reconstruction']?.shape, reconstruction.shape)
      assertClose(outputs['reconstruction'].values, reconstruction.data, 'reconstruction')
      const names = autoencoder.columns.map(({ name }) => name).join(',')
      assert.equal(metadata['pixeldrift.columns'], names)
      await detector.close()
    })
  }
})
