import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const execute = promisify(execFile)
const cwd = temporaryFolder()

/** What an example prints, line by line. */
async function runExample(name: string, args: readonly string[] = []): Promise<string[]> {
  const path = fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url))
  const { stdout } = await execute(process.execPath, [path, ...args], { cwd })
  return stdout.trimEnd().split('\n')
}

describe('examples', () => {
  it('check-a-folder finds the lighter images and writes its report', async () => {
    await writeImageFolder(join(cwd, 'training'), blobImages({ count: 150, seed: 1 }))
    await writeImageFolder(join(cwd, 'today'), blobImages({ count: 30, seed: 2, background: 0.4 }))
    const [summary, ...findings] = await runExample('check-a-folder', [
      'training',
      'today',
      'report.html',
    ])
    assert.match(summary, /^At least \d+% of these 30 images/)
    assert.ok(findings.length > 0)
    assert.match(readFileSync(join(cwd, 'report.html'), 'utf8'), /^<!doctype html>/i)
    assert.ok(existsSync(join(cwd, 'detector.pixeldrift')))
  })

  it('check-a-stream is quiet until the lamp grows weaker', async () => {
    const lines = await runExample('check-a-stream')
    assert.equal(lines.length, 6)
    assert.ok(
      lines.slice(0, 3).every((line) => /^window \d: ok/.test(line)),
      lines.join('\n'),
    )
    assert.ok(
      lines.slice(4).every((line) => /^window \d: drift.*(Darker|Less contrast)/.test(line)),
      lines.join('\n'),
    )
  })

  it('train-a-graph learns to tell the rings apart', async () => {
    const lines = await runExample('train-a-graph')
    const right = Number(/^(\d+) of 1000/.exec(lines.at(-1) ?? '')?.[1])
    assert.ok(right > 980, lines.join('\n'))
    assert.ok(existsSync(join(cwd, 'rings.onnx')))
  })
})
