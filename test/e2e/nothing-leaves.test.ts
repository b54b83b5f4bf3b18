/** Nothing leaves the machine: no entry point makes the runtime write of its use, or speak to anybody. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const folder = temporaryFolder()
await writeImageFolder(join(folder, 'training'), blobImages({ count: 120, seed: 1, side: 8 }))

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const urlOf = (name: string): string => new URL(`../../${name}`, import.meta.url).href

const LIBRARY = `
import { fit, openImages } from '${urlOf('src/index.ts')}'
const detector = await fit(await openImages('training'), { epochs: 1 })
await detector.check(await openImages('training'))
await detector.close()
`
const GRAPH = `
import { openSession, ops, writeModel } from '${urlOf('src/engine/index.ts')}'
const x = ops.input('x', [1])
const session = await openSession(writeModel({ name: 'a', outputs: { y: ops.neg(x) } }))
await session.close()
`
const THREADS = `
import { extractOnThreads, loadExtractor } from '${urlOf('src/measuring/index.ts')}'
import { loadDetector } from '${urlOf('src/detector/index.ts')}'
const detector = await loadDetector('d.pixeldrift')
const shared = extractOnThreads(await loadExtractor(detector.extractor.save(), detector.extractor), { threads: 2 })
await shared.start()
await shared.close()
await detector.close()
`

/** Node's arguments for each way in. */
const entries: Readonly<Record<string, readonly string[]>> = {
  'the library': [script('library.mjs', LIBRARY)],
  'the engine alone': [script('graph.mjs', GRAPH)],
  'the library in a worker thread of somebody’s program': [
    script(
      'worker.mjs',
      `import { Worker } from 'node:worker_threads'\nnew Worker('./library.mjs')\n`,
    ),
  ],
  'a worker thread with an environment of its own': [
    script(
      'own-environment.mjs',
      `import { Worker } from 'node:worker_threads'\nnew Worker('./library.mjs', { env: { HOME: process.env.HOME } })\n`,
    ),
  ],
  'the command: fit': [
    pathOf('bin/pixeldrift.js'),
    'fit',
    'training',
    '--out',
    'd.pixeldrift',
    '--epochs',
    '1',
  ],
  'the command: check': [pathOf('bin/pixeldrift.js'), 'check', 'd.pixeldrift', 'training'],
  'the command: inspect': [pathOf('bin/pixeldrift.js'), 'inspect', 'd.pixeldrift'],
  'the command: export': [pathOf('bin/pixeldrift.js'), 'export', 'd.pixeldrift', '--out', 's.onnx'],
  'threads that measure': [script('threads.mjs', THREADS)],
  'the example of a graph': [pathOf('examples/train-a-graph.ts')],
}

function script(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

const noStrace =
  spawnSync('strace', ['-V']).error !== undefined && 'needs strace, which .ci/run installs'

describe('nothing leaves the machine', () => {
  for (const [name, args] of Object.entries(entries)) {
    it(`by ${name}: the home folder stays empty`, async () => {
      const home = mkdtempSync(join(folder, 'home-'))
      const { code, stderr } = await run(process.execPath, args, home)
      // A check of what was learned from may find something; a failure is another code.
      assert.ok(code === 0 || (name === 'the command: check' && code === 1), stderr)
      assert.deepEqual(readdirSync(home, { recursive: true }), [])
    })
  }

  it('in the time after a fit: no socket is opened', { skip: noStrace }, async () => {
    const home = mkdtempSync(join(folder, 'home-'))
    // The runtime would look up its host some 10 s after its library was loaded.
    const waiting = script(
      'waiting.mjs',
      `${LIBRARY}\nawait new Promise((resolve) => setTimeout(resolve, 20_000))\n`,
    )
    const traced = ['-f', '-e', 'trace=network,execve', '-o', 'trace', process.execPath, waiting]
    const { code, stderr } = await run('strace', traced, home)
    assert.equal(code, 0, stderr)
    const trace = readFileSync(join(folder, 'trace'), 'utf8')
    assert.match(trace, /execve\(/, 'strace saw the process')
    assert.doesNotMatch(trace, /socket\(|connect\(|sendto\(/)
    assert.deepEqual(readdirSync(home, { recursive: true }), [])
  })
})

type Ended = { readonly code: number | null; readonly stderr: string }

/** The environment of a stranger: nothing in it speaks of the runtime. */
async function run(file: string, args: readonly string[], home: string): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => !/^(ORT_|XDG_|NODE_TEST)/.test(name))
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...Object.fromEntries(own), HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  child.on('error', reject).on('close', (code) => resolve({ code, stderr }))
  return promise
}
