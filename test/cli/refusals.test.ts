import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { runPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()

before(async () => {
  const detector = await fitTinyDetector({}, { count: 120, side: 8 })
  await detector.save(join(cwd, 'd.pixeldrift'))
  await detector.close()
  await writeImageFolder(join(cwd, 'images'), blobImages({ count: 20, seed: 4, side: 8 }))
  mkdirSync(join(cwd, 'empty'))
  mkdirSync(join(cwd, 'damaged'))
  writeFileSync(join(cwd, 'damaged', 'page.png'), '<html></html>')
  writeFileSync(join(cwd, 'model.onnx'), 'not a model')
})

type Refusal = readonly [args: string, said: RegExp]

const usage: readonly Refusal[] = [
  ['fit images', /required option '-o, --out <file>' not specified/],
  ['fit images --otu a', /unknown option '--otu'\n\(Did you mean --out\?\)/],
  ['export d --otu a', /unknown option '--otu'\n\(Did you mean --out\?\)/],
  ['export d', /required option '-o, --out <file>' not specified/],
  ['fit --out a', /missing required argument 'images'/],
  ['check d.pixeldrift', /missing required argument 'images'/],
  ['export d --out a more', /too many arguments for 'export'/],
  ['chekc d.pixeldrift images', /unknown command 'chekc'\n\(Did you mean check\?\)/],
  ['fit images --out a --epoch 3', /unknown option '--epoch'\n\(Did you mean --epochs\?\)/],
  [
    'fit images --out a --epochs three',
    /'--epochs <count>' argument 'three' is invalid. Expected a whole number of at least 1/,
  ],
  ['fit images --out a --epochs 0', /Expected a whole number of at least 1/],
  ['fit images --out a --epochs 1e3', /Expected a whole number of at least 1/],
  ['fit images --out a --seed 0x10', /Expected a whole number/],
  ['fit images --out a --preset best', /Allowed choices are default, recipe/],
  ['fit images --out a --threshold 10', /Expected a share such as 10% or 0\.1; is 10% meant\?/],
  ['fit images --out a --threshold -5%', /Expected a positive share/],
  ['fit images --out a --false-alarm-rate often', /Expected a positive share/],
  ['fit images --out a --tolerate rotation', /Expected changes such as rotation=10/],
  ['fit images --out a --classifier-mean 1,x', /Expected numbers separated by commas/],
]

const settings: readonly Refusal[] = [
  [
    'check d.pixeldrift images more',
    /expected one place of images, or files of measurements alone, got 2 places/,
  ],
  ['fit images --out a --size 500', /expected --size to be at most 224, got 500/],
  ['fit images --out a --max-images 5', /expected --max-images to be at least 100, got 5/],
  [
    'fit images --out a --false-alarm-rate 60%',
    /expected --false-alarm-rate to be less than 0\.5, got 0\.6/,
  ],
  [
    'fit images --out a --tolerate rotaton=3',
    /got --tolerate rotaton\n {2}Did you mean rotation\?/,
  ],
  ['fit images --out a --tolerate noise=2', /expected --tolerate noise to be at most 1, got 2/],
  [
    'fit images --out a --features colour',
    /expected --features to be one of file, file-kind, place, property, reconstruction/,
  ],
  [
    'fit images --out a --threshold 10% --false-alarm-rate 1%',
    /expected --threshold or --false-alarm-rate, got both/,
  ],
  [
    'fit images --out a --classifier-scale 255',
    /expected --classifier with --classifier-scale, got none/,
  ],
  [
    'fit images --out a --classifier nowhere.onnx',
    /expected an ONNX model for --classifier, got ENOENT at nowhere\.onnx/,
  ],
  [
    'check d.pixeldrift images --labels colours',
    /expected folders, parent-folders or a file for --labels, got "colours"/,
  ],
]

const inputs: readonly Refusal[] = [
  [
    'fit nowhere --out a',
    /found nothing at .*nowhere\n {2}The folder .* exists; check the last part of the name/,
  ],
  ['fit empty --out a', /expected image files, found none in empty/],
  [
    'fit damaged --out a',
    /expected readable images, found none in damaged\n {2}1 of a sample could not be read; the first: .*page\.png/,
  ],
  ['fit images --out a', /expected at least 100 readable reference images, got 20 in images/],
  ['check nowhere images', /expected a detector file, got ENOENT at nowhere/],
  ['check images d.pixeldrift', /expected a detector file first, got the folder images/],
  ['check model.onnx images', /got a damaged or foreign file: model\.onnx/],
  ['inspect model.onnx', /got a damaged or foreign file: model\.onnx/],
  ['check d.pixeldrift nowhere', /found nothing at .*nowhere/],
]

const outputs: readonly Refusal[] = [
  [
    'fit images --out no/a',
    /expected to write --out no\/a, found no folder no\n {2}Make it first: mkdir -p no/,
  ],
  ['fit images --out empty', /expected to write --out empty, got a folder/],
  [
    'fit images --out a --resume no/state',
    /expected to write --resume no\/state, found no folder no/,
  ],
  ['fit images --out a --resume a', /expected a file of its own for --resume, got that of --out/],
  ['check d.pixeldrift images --report no/r.html', /expected to write --report no\/r\.html/],
  ['check d.pixeldrift images --scores no/s.csv', /expected to write --scores no\/s\.csv/],
  [
    'check d.pixeldrift images --report d.pixeldrift',
    /expected a file of its own for --report, got the input d\.pixeldrift/,
  ],
  ['demo --out model.onnx', /expected to write model\.onnx, got EEXIST/],
  ['export d.pixeldrift --out no/m.onnx', /expected to write --out no\/m\.onnx/],
]

for (const [title, refusals] of Object.entries({ usage, settings, inputs, outputs })) {
  describe(`refusals about ${title} end with 2, one message on stderr, nothing else`, () => {
    for (const [args, said] of refusals) {
      it(`pixeldrift ${args}`, async () => {
        const { code, stdout, stderr } = await runPixeldrift(args.split(' '), { cwd })
        assert.match(stderr, said)
        assert.equal(code, 2)
        assert.equal(stdout, '')
        assert.ok(!stderr.includes('    at '), 'a stack is shown')
        assert.deepEqual(readdirSync(cwd).toSorted(), [
          'd.pixeldrift',
          'damaged',
          'empty',
          'images',
          'model.onnx',
        ])
      })
    }
  })
}
