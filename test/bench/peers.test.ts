import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { missingPeers, peerCommand } from '../../bench/harness/peers.ts'
import { readTarFiles } from '../../bench/harness/tar-files.ts'
import { cifar10Archive, missingCifar10 } from '../../evaluation/data/cifar10.ts'

const VARIABLE = 'PIXELDRIFT_PEER_PYTHON_TORCH'
const before = process.env[VARIABLE]

describe('peers', () => {
  afterEach(() => {
    if (before === undefined) delete process.env[VARIABLE]
    else process.env[VARIABLE] = before
  })

  it('run in the Python that the environment names', () => {
    process.env[VARIABLE] = '/somewhere/python'
    const [python, script = '', ...words] = peerCommand('torch', 'torch_recipe.py', [
      '--mode',
      'nchw',
    ])
    assert.equal(python, '/somewhere/python')
    assert.match(script, /bench\/peers\/torch_recipe\.py$/)
    assert.deepEqual(words.slice(-2), ['--mode', 'nchw'])
  })

  it('are missed with a word on how to get them', async () => {
    process.env[VARIABLE] = '/nowhere/python'
    assert.match(
      (await missingPeers(['torch'])) ?? '',
      /torch: run bench\/peers\/setup\.sh.*PYTHON_TORCH/,
    )
    process.env[VARIABLE] = process.execPath
    assert.equal(await missingPeers(['torch']), undefined)
  })
})

describe('readTarFiles', () => {
  it('reads regular files and leaves folders out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-tar-'))
    const archive = join(folder, 'a.tar')
    const entries = [
      entry('a/', '5', ''),
      entry('a/one.txt', '0', 'first'),
      entry('two', '0', 'x'.repeat(600)),
    ]
    await writeFile(archive, Buffer.concat([...entries, Buffer.alloc(1024)]))
    const files: [string, string][] = []
    for await (const { path, bytes } of readTarFiles(archive)) {
      files.push([path, Buffer.from(bytes).toString()])
    }
    assert.deepEqual(files, [
      ['a/one.txt', 'first'],
      ['two', 'x'.repeat(600)],
    ])
    await rm(folder, { recursive: true })
  })

  it('finds all photographs of the test archive', async (context) => {
    const missing = await missingCifar10()
    if (missing !== undefined) return context.skip(missing)
    let count = 0
    for await (const { bytes } of readTarFiles(cifar10Archive('test'))) {
      if (bytes[0] === 0xff && bytes[1] === 0xd8) count++
    }
    assert.equal(count, 10_000)
  })
})

/** One ustar entry: its header and its padded content. */
function entry(path: string, type: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  header.write(type, 156)
  header.write('ustar', 257)
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.write(content)
  return Buffer.concat([header, body])
}
