import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Verdict } from '../../src/detector/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runPixeldrift } from './run-pixeldrift.ts'

const SIDE = 8
const cwd = temporaryFolder()

async function run(args: string): Promise<Ended> {
  return runPixeldrift(args.split(' '), { cwd })
}

before(async () => {
  await writeImageFolder(join(cwd, 'images'), blobImages({ count: 120, seed: 1, side: SIDE }))
  await writeImageFolder(join(cwd, 'batch'), blobImages({ count: 20, seed: 2, side: SIDE }))
  writeFileSync(join(cwd, 'model.onnx'), brightnessClassifier(1, SIDE))
  writeFileSync(join(cwd, 'text.onnx'), 'not a model')
})

describe('a classifier on the command line', () => {
  it('joins the features, and its preparation is kept with it', async () => {
    const classifier = '--classifier model.onnx --classifier-mean 0.1 --classifier-std 0.5'
    const { code, stderr } = await run(
      `fit images --out d.pixeldrift --epochs 1 ${classifier} --unseen --features property,classifier,prediction`,
    )
    assert.equal(code, 0, stderr)
    const { stdout } = await run('check d.pixeldrift batch --json')
    const { groups } = JSON.parse(stdout) as Verdict
    assert.deepEqual(
      groups.map(({ group }) => group),
      ['property', 'classifier', 'prediction'],
    )
  })

  const refusals: readonly [flags: string, said: RegExp][] = [
    ['--classifier text.onnx', /pixeldrift: .*model/],
    [
      '--classifier model.onnx --classifier-size 16',
      /pixeldrift: expected the size 8×8 that .* got 16×16/,
    ],
    ['--classifier model.onnx --classifier-mean 0.1,0.2,0.3', /pixeldrift: .*mean/],
    ['--classifier model.onnx --classifier-output scores', /pixeldrift: .*scores/],
  ]
  for (const [flags, said] of refusals) {
    it(`is refused before the training when it does not fit: ${flags}`, async () => {
      const { code, stdout, stderr } = await run(`fit images --out x.pixeldrift ${flags}`)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.ok(!stderr.includes('    at '), `a stack is shown: ${stderr}`)
    })
  }
})
