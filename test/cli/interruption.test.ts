import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { type Ended, type Running, runPixeldrift, startPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()
const SIDE = 8

/** Progress is shown on terminals only; this makes the pipe pass for one. */
const TERMINAL = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('process.stderr.isTTY=true')}`,
}

before(async () => {
  writeArray('many.npy', 30_000)
  writeArray('some.npy', 1200)
  const detector = await fitTinyDetector({ epochs: 1 }, { count: 120, side: SIDE })
  await detector.save(join(cwd, 'd.pixeldrift'))
  await detector.close()
})

/** Few different images, often repeated: quickly made, and as slow to read as any. */
function writeArray(name: string, count: number): void {
  const { data } = blobImages({ count: 300, seed: 1, side: SIDE })
  const size = SIDE * SIDE
  const bytes = Uint8Array.from({ length: count * size }, (_, i) =>
    Math.round(255 * data[i % data.length]),
  )
  writeFileSync(join(cwd, name), npyOf([count, SIDE, SIDE], bytes))
}

function start(args: string): Running {
  return startPixeldrift(args.split(' '), { cwd, env: TERMINAL })
}

/** Waits until the run says `text` on its error stream. */
async function waitFor({ child }: Running, text: string): Promise<void> {
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stderr?.on('data', (chunk: string) => {
    said += chunk
    if (said.includes(text)) resolve()
  })
  child.on('close', () => reject(new Error(`ended without saying ${text}: ${said}`)))
  return promise
}

async function interrupt(args: string, stage: string, signal: NodeJS.Signals): Promise<Ended> {
  const run = start(args)
  await waitFor(run, stage)
  run.child.kill(signal)
  return run.ended
}

function files(): string[] {
  return readdirSync(cwd).filter((name) => !['many.npy', 'some.npy', 'd.pixeldrift'].includes(name))
}

describe('Ctrl-C', () => {
  const stages = [
    ['fit many.npy --out x.pixeldrift', 'reading'],
    ['fit many.npy --out x.pixeldrift', 'training'],
    [
      'fit many.npy --out x.pixeldrift --epochs 1 --max-images 3000 --tolerate rotation=9',
      'measuring',
    ],
    ['check d.pixeldrift many.npy --scores x.csv --report x.html', 'checked'],
  ] as const
  for (const [args, stage] of stages) {
    it(`while it says “${stage}” ends pixeldrift ${args.split(' ', 1)[0]} with 130 and leaves nothing`, async () => {
      const { code, stdout, stderr } = await interrupt(args, stage, 'SIGINT')
      assert.equal(code, 130)
      assert.equal(stdout, '')
      assert.match(stderr, /pixeldrift: interrupted\n$/)
      assert.deepEqual(files(), [])
    })
  }

  it('of a service manager (SIGTERM) ends with 143', async () => {
    const { code } = await interrupt('fit many.npy --out x.pixeldrift', 'training', 'SIGTERM')
    assert.equal(code, 143)
    assert.deepEqual(files(), [])
  })
})

const FIT = 'fit some.npy --epochs 8 --seed 3'

/** Starts a fit that keeps its state and waits until there is some. */
async function startUntilState(state: string): Promise<Running> {
  const run = start(`${FIT} --out resumed.pixeldrift --resume ${state}`)
  while (!existsSync(join(cwd, state))) {
    assert.equal(run.child.exitCode, null, 'the fit ended before it could be stopped')
    await delay(5)
  }
  return run
}

describe('a stopped fit', () => {
  it('goes on from its training state and becomes the detector it would have become', async () => {
    const whole = await runPixeldrift(`${FIT} --out whole.pixeldrift`.split(' '), { cwd })
    assert.equal(whole.code, 0, whole.stderr)

    const killed = await startUntilState('state')
    killed.child.kill('SIGKILL')
    assert.equal((await killed.ended).code, null)
    assert.ok(!existsSync(join(cwd, 'resumed.pixeldrift')))

    const stopped = await startUntilState('other-state')
    stopped.child.kill('SIGINT')
    const { code, stderr } = await stopped.ended
    assert.equal(code, 130)
    assert.match(
      stderr,
      /the training so far is in other-state; the same command goes on from there/,
    )

    const resumed = await start(`${FIT} --out resumed.pixeldrift --resume state`).ended
    assert.equal(resumed.code, 0, resumed.stderr)
    assert.ok(!resumed.stderr.includes('epoch 1 of 8'), 'it began anew')
    assert.match(resumed.stderr, /epoch \d of 8/)
    assert.deepEqual(
      readFileSync(join(cwd, 'resumed.pixeldrift')),
      readFileSync(join(cwd, 'whole.pixeldrift')),
    )
    assert.ok(!existsSync(join(cwd, 'state')), 'the state of a finished fit is removed')
  })

  it('need not train again when it was stopped after the training', async () => {
    const args =
      'fit some.npy --epochs 2 --tolerate rotation=9 --out m.pixeldrift --resume measured'
    const { code, stderr } = await interrupt(args, 'measuring', 'SIGINT')
    assert.equal(code, 130)
    assert.match(stderr, /the training so far is in measured/)
    const resumed = await start(args).ended
    assert.equal(resumed.code, 0, resumed.stderr)
    assert.ok(!resumed.stderr.includes('epoch'), 'it trained again')
    assert.ok(!existsSync(join(cwd, 'measured')))
  })

  it('starts anew, and says so, when the training state is of another training', async () => {
    assert.ok(existsSync(join(cwd, 'other-state')))
    const args = 'fit some.npy --epochs 2 --seed 4 --out other.pixeldrift --resume other-state'
    const { code, stderr } = await runPixeldrift(args.split(' '), { cwd })
    assert.equal(code, 0)
    assert.match(stderr, /other-state is of other images or settings; training from the start/)
  })
})
