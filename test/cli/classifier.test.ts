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
  writeFileSync(join(cwd, 'names.txt'), 'night\r\nbroad day\n')
})

describe('a classifier on the command line', () => {
  it('joins the features, and its preparation is kept with it', async () => {
    const classifier = '--classifier model.onnx --classifier-mean 0.1 --classifier-std 0.5'
    const { code, stderr } = await run(
      `fit images --out d.pixeldrift --epochs 1 ${classifier} --unseen-by-classifier --features property,classifier,prediction`,
    )
    assert.equal(code, 0, stderr)
    const { stdout } = await run('check d.pixeldrift batch --json')
    const {
      judgement: { groups },
    } = JSON.parse(stdout) as Verdict
    assert.deepEqual(
      groups.map(({ group }) => group),
      ['property', 'classifier', 'prediction'],
    )
  })

  for (const [given, names] of [
    ['night,day', 'night, day'],
    ['names.txt', 'night, broad day'],
  ]) {
    it(`has its classes named by --class-names ${given}`, async () => {
      const flags = `--classifier model.onnx --unseen-by-classifier --class-names ${given}`
      const fitted = await run(`fit images --out named.pixeldrift --epochs 1 ${flags}`)
      assert.equal(fitted.code, 0, fitted.stderr)
      assert.ok(fitted.stdout.includes(`Classes: ${names}\n`), fitted.stdout)
      const { stdout } = await run('inspect named.pixeldrift')
      assert.match(stdout, new RegExp(`^classes +${names}$`, 'm'))
    })
  }

  const refusals: readonly [flags: string, said: RegExp][] = [
    ['--classifier text.onnx', /pixeldrift: .*model/],
    [
      '--classifier model.onnx --classifier-size 16',
      /pixeldrift: expected the size 8×8 that .* got 16×16/,
    ],
    ['--classifier model.onnx --classifier-mean 0.1,0.2,0.3', /pixeldrift: .*mean/],
    ['--classifier model.onnx --classifier-output scores', /pixeldrift: .*scores/],
    [
      '--classifier model.onnx --class-names a,b,c',
      /pixeldrift: expected 2 different class names, .* got 3\n.*--class-names/,
    ],
    [
      '--classifier model.onnx --class-names nowhere.txt',
      /--class-names, got ENOENT at nowhere\.txt/,
    ],
    [
      '--class-names a,b',
      /expected a classifier, or its outputs .* to name the classes of, got none/,
    ],
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
