import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { temporaryFolder } from '../images/stored-images.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Judges a batch of numbers by a baseline of numbers; prints whether it drifted. */
const USE = `
import { createBaseline, completePolicy, judge } from './src/judging/index.ts'
const columns = ['loss', 'excess-loss'].map((name) => ({ name, group: 'reconstruction', title: name }))
const rows = (count, shift) =>
  Float32Array.from({ length: 2 * count }, (_, i) => ((i * 7919) % 101) / 101 + shift)
const measured = (count, shift) => ({
  extractorId: 'e', columns, values: rows(count, shift), count, notes: [], modelOutputs: [], sources: [],
  images: Array.from({ length: count }, (_, place) => ({ record: { id: String(place) }, place, hash: place })),
  loss: { count, sum: 0n, squares: 0n, unbounded: 0 },
  period: null, skipped: { named: [], counts: {}, total: 0 },
})
const counts = { available: 200, training: 0, validation: 0, reference: 200, skipped: 0 }
const baseline = {
  ...createBaseline({ columns, rows: 200, values: rows(200, 0) }),
  id: 'b', extractorId: 'e',
  settings: { columns, features: ['reconstruction'], seed: 0, counts, neededOutputs: {} },
}
const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
console.log([0, 0.5].map((shift) => judge(baseline, measured(30, shift), policy).severity).join())
`

describe('judging', () => {
  it('runs where neither the ONNX runtime nor a decoder is installed', () => {
    const folder = temporaryFolder()
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    mkdirSync(join(folder, 'node_modules'))
    // All that statistics and tensor need.
    symlinkSync(join(root, 'node_modules', 'pure-rand'), join(folder, 'node_modules', 'pure-rand'))
    writeFileSync(join(folder, 'use.ts'), USE)
    const said = execFileSync(process.execPath, ['use.ts'], { cwd: folder, encoding: 'utf8' })
    assert.equal(said, 'ok,drift\n')
  })

  it('is at most 60 KB of a page, and runs as such', async () => {
    const { outputFiles } = await build({
      stdin: { contents: USE, resolveDir: root, loader: 'ts' },
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    })
    const [{ contents }] = outputFiles
    const bytes = gzipSync(contents).byteLength
    assert.ok(bytes <= 60_000, `${bytes} bytes`)
    const file = join(temporaryFolder(), 'bundle.mjs')
    writeFileSync(file, contents)
    assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8' }), 'ok,drift\n')
  })
})
