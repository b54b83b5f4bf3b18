import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { serialize } from 'node:v8'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { npyOf, png, temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runWithin, startPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()
const SIDE = 8

/** Words that name files are taken for files of the test's folder. */
async function run(args: string): Promise<Ended> {
  return runWithin(args.split(' ').map((word) => (word.includes('.') ? resolve(cwd, word) : word)))
}

type Line = {
  readonly kind: string
  readonly at: { readonly number: number }
  readonly source?: string
  readonly words: { readonly summary: string }
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

function bytesOf(count: number, seed: number, background = 0.1): Uint8Array {
  const { data } = blobImages({ count, seed, side: SIDE, background })
  return Uint8Array.from(data, (value) => Math.round(255 * value))
}

/** 300 images as the reference, then 60 on a brighter ground. */
function changing(): Uint8Array {
  return Uint8Array.from([...bytesOf(300, 5), ...bytesOf(60, 6, 0.3)])
}

before(async () => {
  writeFileSync(join(cwd, 'clean.npy'), npyOf([300, SIDE, SIDE], bytesOf(300, 5)))
  writeFileSync(join(cwd, 'changing.npy'), npyOf([360, SIDE, SIDE], changing()))
  await using detector = await fitTinyDetector({ epochs: 1 }, { side: SIDE })
  await detector.save(join(cwd, 'd.pixeldrift'))
})

describe('pixeldrift stream', () => {
  it('says nothing but how many images it watched while they are as the reference', async () => {
    const { code, stdout, stderr } = await run('stream d.pixeldrift clean.npy')
    assert.equal(code, 0, stderr)
    assert.equal(stdout, 'Watched 300 images, no change.\n')
  })

  it('says a change in words, with what changed, and ends with 1', async () => {
    const { code, stdout } = await run('stream d.pixeldrift changing.npy')
    assert.equal(code, 1)
    assert.match(stdout, /^Since the 30\dth image .* no longer look like the reference/)
    assert.match(stdout, /\n {2}· Brighter/)
    assert.match(stdout, /\nWatched 360 images, 1 change; now: the change goes on\.\n$/)
  })

  it('goes on from its state: events and state are those of one run, whether images or features', async () => {
    const whole = await run('stream d.pixeldrift changing.npy --json --state whole.state')
    await run('measure d.pixeldrift changing.npy --out all.parquet')
    const measured = await run('stream d.pixeldrift all.parquet --json')
    assert.equal(measured.stdout, whole.stdout)
    // The same folder, twice: at first without the images that come later.
    const folder = join(cwd, 'growing')
    mkdirSync(folder)
    const bytes = changing()
    const fileOf = async (i: number) =>
      png(bytes.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), 1, SIDE)
    const names = Array.from({ length: 360 }, (_, i) => `${String(i).padStart(4, '0')}.png`)
    const files = await Promise.all(names.map(async (name, i) => [name, await fileOf(i)] as const))
    const write = (some: typeof files) => {
      for (const [name, encoded] of some) writeFileSync(join(folder, name), encoded)
    }
    write(files.slice(0, 305))
    writeFileSync(join(folder, '0300-cut.png'), files[0][1].subarray(0, 40))
    const stream = `stream d.pixeldrift ${folder} --json --state parts.state`
    const first = await run(stream)
    assert.match(first.stderr, /skipped: .*0300-cut\.png/)
    write(files.slice(305))
    const second = await run(stream)
    // Said once: it came before what is new.
    assert.equal(second.stderr, '')
    const events = linesOf(first.stdout + second.stdout).map(({ kind, at }) => [kind, at.number])
    assert.deepEqual(
      events,
      linesOf(whole.stdout).map(({ kind, at }) => [kind, at.number]),
    )
    // Nothing new, and the change goes on.
    const { code, stdout } = await run(stream)
    assert.deepEqual([code, stdout], [1, ''])
  })

  it('watches each source by itself too', async () => {
    const rows = Array.from({ length: 360 }, (_, i) => `${i},${i % 2 === 0 ? 'left' : 'right'}`)
    const folder = join(cwd, 'by-camera')
    mkdirSync(folder)
    const bytes = changing()
    for (const i of rows.keys()) {
      // Only the right camera changes.
      const from = i >= 300 && i % 2 === 0 ? i - 300 : i
      const pixels = bytes.subarray(from * SIDE * SIDE, (from + 1) * SIDE * SIDE)
      writeFileSync(join(folder, `${i}.png`), await png(pixels, 1, SIDE))
    }
    const table = ['path,camera', ...rows.map((row) => row.replace(',', '.png,'))].join('\n')
    writeFileSync(join(folder, 'images.csv'), table)
    const { stdout } = await run('stream d.pixeldrift by-camera/images.csv --by camera --json')
    const sources = new Set(linesOf(stdout).map(({ source }) => source))
    assert.ok(sources.has('right'), stdout)
    assert.ok(!sources.has('left'))
    const refused = await run('stream d.pixeldrift by-camera/images.csv --by site')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /expected site on every image, got only camera/)
  })

  it('writes a page that shows what runs before it told too', async () => {
    const stream = 'stream d.pixeldrift growing.npy --state page.state --report page.html'
    const page = () => readFileSync(join(cwd, 'page.html'), 'utf8')
    const bytes = changing()
    writeFileSync(join(cwd, 'growing.npy'), npyOf([300, SIDE, SIDE], bytes.subarray(0, 300 * 64)))
    await run(stream)
    assert.match(page(), /No sign of a change/)
    writeFileSync(join(cwd, 'growing.npy'), npyOf([360, SIDE, SIDE], bytes))
    assert.equal((await run(stream)).code, 1)
    assert.match(page(), /aria-label="after it"/)
    const again = await run(stream)
    assert.doesNotMatch(again.stdout, /Since/)
    assert.match(page(), /Since the 30\dth image/)
    const refused = await run('stream d.pixeldrift clean.npy --report clean.npy')
    assert.match(refused.stderr, /a file of its own for --report/)
  })

  it('tells the same after kills at any moment', async () => {
    const stretch = Buffer.concat([changing(), bytesOf(900, 7)])
    const many = Buffer.concat([stretch, stretch, stretch])
    writeFileSync(join(cwd, 'many.npy'), npyOf([3 * 1260, SIDE, SIDE], many))
    const args = (state: string) => [
      'stream',
      'd.pixeldrift',
      'many.npy',
      '--json',
      '--state',
      state,
    ]
    const alone = await startPixeldrift(args('alone.state'), { cwd }).ended
    const told = new Set<string>()
    const state = () => statSync(join(cwd, 'killed.state'), { throwIfNoEntry: false })?.ino
    const killOnceWritten = async (child: ChildProcess): Promise<void> => {
      const last = state()
      while (state() === last && child.exitCode === null) await delay(2)
      child.kill('SIGKILL')
    }
    for (let kills = 0; ; kills++) {
      const running = startPixeldrift(args('killed.state'), { cwd })
      if (kills < 2) await killOnceWritten(running.child)
      const { code, stdout } = await running.ended
      for (const line of stdout.split('\n').slice(0, -1)) told.add(line)
      if (code !== null) break
    }
    assert.deepEqual([...told], alone.stdout.split('\n').slice(0, -1))
    assert.ok(told.size >= 4)
    const [untouched, resumed] = ['alone.state', 'killed.state'].map((name) =>
      readFileSync(join(cwd, name)),
    )
    assert.deepEqual(resumed, untouched)
  })

  it('refuses the state of other images, of other options, and files that are none', async () => {
    await run('stream d.pixeldrift clean.npy --state some.state')
    const refuse = async (args: string, message: RegExp) => {
      const kept = readFileSync(join(cwd, 'some.state'))
      const { code, stderr } = await run(args)
      assert.equal(code, 2)
      assert.match(stderr, message)
      assert.deepEqual(readFileSync(join(cwd, 'some.state')), kept)
    }
    await refuse(
      'stream d.pixeldrift changing.npy --state some.state',
      /clean\.npy, got .*changing/,
    )
    await refuse(
      'stream d.pixeldrift clean.npy --state some.state --false-alarm-every 5000',
      /with this detector and these options/,
    )
    await refuse('stream d.pixeldrift clean.npy --state clean.npy', /a file of its own for --state/)
    await refuse(
      'stream d.pixeldrift clean.npy --false-alarm-every 5',
      /expected at least 100 images from one false alarm to the next, got 5/,
    )
    writeFileSync(join(cwd, 'none.state'), 'something else')
    await refuse('stream d.pixeldrift clean.npy --state none.state', /got another file/)
    writeFileSync(join(cwd, 'old.state'), serialize({ format: 'pixeldrift stream 2', told: '[]' }))
    await refuse(
      'stream d.pixeldrift clean.npy --state old.state',
      /expected a state of the format “pixeldrift stream 3”.*got “pixeldrift stream 2”/,
    )
  })
})
