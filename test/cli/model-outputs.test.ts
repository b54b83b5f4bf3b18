import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Verdict } from '../../src/detector/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'
import { brightnessClassifier } from '../fixtures/brightness-classifier.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { embeddingsOf, logitsOf, mix, SIDE } from '../fixtures/two-classes.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()

async function run(args: string): Promise<Ended> {
  return runPixeldrift(args.split(' '), { cwd })
}

/** A folder of images; beside it a manifest in both formats, and NPY files. */
async function write(name: string, pixels: Tensor): Promise<void> {
  await writeImageFolder(join(cwd, name), pixels)
  const embeddings = embeddingsOf(pixels)
  const rows = softmax(logitsOf(pixels)).map((probabilities, i) => ({
    path: `${name}/${String(i).padStart(4, '0')}.png`,
    probabilities,
    embedding: Array.from(embeddings.data.subarray(4 * i, 4 * i + 4)),
  }))
  const csv = rows.map(({ path, probabilities }) => `${path},${probabilities.join(' ')}`)
  put(`${name}.csv`, ['path,probabilities', ...csv].join('\n'))
  put(`${name}.jsonl`, rows.map((row) => JSON.stringify(row)).join('\n'))
  put(
    `${name}-p.npy`,
    npy(
      [rows.length, 2],
      rows.flatMap(({ probabilities }) => probabilities),
    ),
  )
  put(`${name}-e.npy`, npy([rows.length, 4], Array.from(embeddings.data)))
}

function put(name: string, content: string | Uint8Array): void {
  writeFileSync(join(cwd, name), content)
}

function npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  return npyOf(shape, new Uint8Array(Float32Array.from(values).buffer), { descr: '<f4' })
}

/** With the few decimals a table has. */
function softmax({ data }: Tensor): number[][] {
  return Array.from({ length: data.length / 2 }, (_, row) => {
    const bright = 1 / (1 + Math.exp(data[2 * row] - data[2 * row + 1]))
    return [1 - bright, bright].map((value) => Number(value.toFixed(3)))
  })
}

before(async () => {
  await write('reference', mix(150, 150))
  await write('same', mix(40, 40, { seed: 50 }))
  await write('darker', mix(72, 8, { seed: 20 }))
  put('model.onnx', brightnessClassifier(1, SIDE))
  put('classes.npy', npyOf([80], new Uint8Array(80)))
})

describe('what a user’s own classifier said, on the command line,', () => {
  const given: Record<string, [fit: string, check: (name: string) => string]> = {
    'in a CSV': ['reference.csv', (name) => `${name}.csv`],
    'in JSON lines': ['reference.jsonl', (name) => `${name}.jsonl`],
    'in NPY files beside a folder': [
      'reference --probabilities reference-p.npy --embeddings reference-e.npy',
      (name) => `${name} --probabilities ${name}-p.npy --embeddings ${name}-e.npy`,
    ],
  }
  for (const [title, [reference, batch]] of Object.entries(given)) {
    it(`${title}, tells that the mix of classes changed`, async () => {
      const fitted = await run(
        `fit ${reference} --out d.pixeldrift --epochs 1 --unseen-by-classifier`,
      )
      assert.equal(fitted.code, 0, fitted.stderr)
      assert.match(fitted.stdout, /^Beside the images: probabilities of 2 classes/m)
      const same = await run(`check d.pixeldrift ${batch('same')}`)
      assert.equal(same.code, 0, same.stderr)
      const darker = await run(`check d.pixeldrift ${batch('darker')} --json --report r.html`)
      assert.equal(darker.code, 1, darker.stderr)
      const {
        judgement: { shift },
        words: { findings },
      } = JSON.parse(darker.stdout) as Verdict
      assert.equal(shift?.kind, 'prior')
      assert.match(findings[0], /mix of classes changed/)
      assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /prior shift/)
    })
  }

  it('may stand in a table for the reference and in files for the batch', async () => {
    await run('fit reference.csv --out d.pixeldrift --epochs 1 --unseen-by-classifier')
    const check = async (batch: string) => {
      const { stdout } = await run(`check d.pixeldrift ${batch} --json`)
      return (JSON.parse(stdout) as Verdict).judgement.features
    }
    assert.deepEqual(await check('darker --probabilities darker-p.npy'), await check('darker.csv'))
  })

  it('is named by inspect', async () => {
    await run('fit reference.jsonl --out d.pixeldrift --epochs 1')
    const { stdout } = await run('inspect d.pixeldrift')
    const words = 'probabilities of 2 classes and embeddings of 4 numbers; a check needs them too'
    assert.match(stdout, new RegExp(`^beside the images +${words}$`, 'm'))
    const { neededOutputs: lengths } = JSON.parse(
      (await run('inspect d.pixeldrift --json')).stdout,
    ) as {
      neededOutputs: unknown
    }
    assert.deepEqual(lengths, { probabilities: 2, embeddings: 4 })
  })

  const refusals: readonly [args: string, said: RegExp][] = [
    [
      'fit reference --out x --probabilities same-p.npy',
      /expected 300 rows, one per image of reference, got 80 in same-p\.npy\n {2}Rows follow the order/,
    ],
    [
      'fit same --out x --probabilities same-p.npy --logits same-p.npy',
      /expected probabilities or logits, got both in what is given beside same/,
    ],
    [
      'fit same --out x --logits none.npy',
      /expected an NPY file of logits, got ENOENT at none\.npy/,
    ],
    ['fit same --out x --logits classes.npy', /expected float16, .* got uint8 in classes\.npy/],
    [
      'fit same --out x --probabilities same-e.npy',
      /expected probabilities in \[0, 1\], got .* in same-e\.npy, row 0\n {2}.*as logits/,
    ],
    [
      'fit same --out x --classifier model.onnx --logits same-p.npy',
      /expected --classifier or --logits, got both\n {2}.*--embeddings may be given beside either/,
    ],
    [
      'fit same.csv --out x --classifier model.onnx',
      /expected a classifier or probabilities beside the images, got both: probabilities in same\.csv/,
    ],
    [
      'fit same.csv --out x --probabilities same-p.npy',
      /expected probabilities once, got them in same\.csv and in same-p\.npy/,
    ],
    [
      'fit same --out same-p.npy --probabilities same-p.npy',
      /expected a file of its own for --out, got the input same-p\.npy/,
    ],
    [
      'fit same --out x --features prediction',
      /expected groups of features among file, file-kind, place, property, .*, got prediction\n {2}For prediction the fit needs a classifier/,
    ],
    [
      'fit same --out x --labels classes.npy',
      /expected labels folders or parent-folders .* got classes\.npy\n {2}.*manifest/,
    ],
  ]
  for (const [args, said] of refusals) {
    it(`is refused where it does not fit: ${args}`, async () => {
      const { code, stdout, stderr } = await run(args)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, said)
      assert.ok(!stderr.includes('    at '), `a stack is shown: ${stderr}`)
      assert.ok(!existsSync(join(cwd, 'x')))
    })
  }

  it('is asked for again by a check, with the flags that bring it', async () => {
    await run('fit reference.csv --out d.pixeldrift --epochs 1 --unseen-by-classifier')
    const { code, stderr } = await run('check d.pixeldrift same')
    assert.equal(code, 2)
    assert.match(
      stderr,
      /expected probabilities beside the images as in the reference, 2 numbers an image, got none in same\n {2}.*--probabilities/,
    )
  })
})
