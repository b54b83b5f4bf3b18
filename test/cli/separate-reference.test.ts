import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Verdict } from '../../src/detector/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { logitsOf } from '../fixtures/two-classes.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runPixeldrift } from './run-pixeldrift.ts'

const SIDE = 8
const cwd = temporaryFolder()

async function run(args: string): Promise<Ended> {
  return runPixeldrift(args.split(' '), { cwd })
}

async function write(name: string, pixels: Tensor): Promise<void> {
  await writeImageFolder(join(cwd, name), pixels)
  const { shape, data } = logitsOf(pixels)
  writeFileSync(
    join(cwd, `${name}.npy`),
    npyOf(shape, new Uint8Array(data.buffer), { descr: '<f4' }),
  )
}

before(async () => {
  await write('training', blobImages({ count: 140, seed: 1, side: SIDE }))
  await write('validation', blobImages({ count: 60, seed: 2, side: SIDE }))
  await write('batch', blobImages({ count: 30, seed: 3, side: SIDE }))
  writeFileSync(join(cwd, 'model.onnx'), brightnessClassifier(1, SIDE))
})

const FIT = 'fit training --out d.pixeldrift --epochs 1'

describe('a reference of its own on the command line', () => {
  it('is the baseline, and fit and inspect say where everything came from', async () => {
    const { code, stdout, stderr } = await run(
      `${FIT} --reference validation --classifier model.onnx`,
    )
    assert.equal(code, 0, stderr)
    assert.match(
      stdout,
      /^120 training, 20 validation and 60 held-out reference images \(from validation\)/m,
    )
    assert.doesNotMatch(stdout, /do not count/)
    const inspected = (await run('inspect d.pixeldrift')).stdout
    assert.match(inspected, /^learned from +140 in training, 0 skipped$/m)
    assert.match(inspected, /^reference images +60 in validation, 0 left out/m)
    assert.match(inspected, /^classifier +count: the reference is of its own$/m)
    assert.match(inspected, /^batches +of at most 3 images, a twentieth of those held out$/m)
    const verdict = JSON.parse((await run('check d.pixeldrift batch --json')).stdout) as Verdict
    assert.ok(verdict.judgement.groups.some(({ group }) => group === 'prediction'))
  })

  it('has model outputs of its own where they are files', async () => {
    const outputs = '--logits training.npy --reference-logits validation.npy'
    const { code, stderr } = await run(`${FIT} --reference validation ${outputs}`)
    assert.equal(code, 0, stderr)
    assert.equal((await run('check d.pixeldrift batch --logits batch.npy')).code, 0)
    const missing = await run(`${FIT} --reference validation --logits training.npy`)
    assert.equal(missing.code, 2)
    assert.match(missing.stderr, /expected logits beside the images .* got none in validation/)
  })

  it('is limited as the other images are', async () => {
    const { stdout } = await run(`${FIT} --reference validation --limit 110`)
    assert.match(stdout, /^94 training, 16 validation and 60 held-out/m)
  })

  const refusals: readonly [args: string, said: RegExp][] = [
    [`${FIT} --reference nowhere`, /nowhere/],
    [`${FIT} --reference-logits validation.npy`, /expected --reference with --reference-logits/],
    [
      `${FIT} --reference d.out --out d.out`,
      /expected a file of its own for --out, got the input d/,
    ],
    [`${FIT} --reference training`, /at least 30 readable images for the reference .* got 0/],
  ]
  for (const [args, said] of refusals) {
    it(`is refused where it can be none: ${args}`, async () => {
      const { code, stdout, stderr } = await run(args)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, said)
    })
  }
})

describe('a classifier that may have learned the images', () => {
  it('does not count, and fit, inspect and check say so', async () => {
    const { stdout } = await run(`${FIT} --classifier model.onnx`)
    assert.match(
      stdout,
      /^Note: the classifier’s outputs do not count: .*--reference.*--unseen-by-classifier/m,
    )
    assert.match((await run('inspect d.pixeldrift')).stdout, /^classifier +do not count/m)
    const checked = (await run('check d.pixeldrift batch')).stdout.replaceAll(/\s+/g, ' ')
    assert.match(checked, /The classifier’s outputs do not count/)
  })

  it('counts where it is said to have seen none, by the name the flag had before', async () => {
    const { stdout } = await run(`${FIT} --classifier model.onnx --unseen`)
    assert.doesNotMatch(stdout, /do not count/)
    assert.match(
      (await run('inspect d.pixeldrift')).stdout,
      /^classifier +count: it has seen none/m,
    )
  })
})

describe('the images of the fit', () => {
  it('are recognised when they are checked', async () => {
    await run(FIT)
    const { code, stdout } = await run('check d.pixeldrift training')
    assert.equal(code, 0)
    const said = stdout.replaceAll(/\s+/g, ' ')
    assert.match(said, /98 of 140 images were used to fit this detector and are left out/)
    assert.match(said, /42 of 140 images are held-out reference images/)
  })
})
