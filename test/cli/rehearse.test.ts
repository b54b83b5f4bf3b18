import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { type Rehearsal, rehearsalSchema } from '../../src/verdict/index.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runWithin, startPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()
const SIDE = 8

/** Words that name files are taken for files of the test's folder. */
async function run(args: string): Promise<Ended> {
  return runWithin(args.split(' ').map((word) => (word.includes('.') ? resolve(cwd, word) : word)))
}

function store(name: string, count: number, background = 0.1): void {
  const { data } = blobImages({ count, seed: 5, side: SIDE, background })
  const bytes = Uint8Array.from(data, (value) => Math.round(255 * value))
  writeFileSync(join(cwd, name), npyOf([count, SIDE, SIDE], bytes))
}

before(async () => {
  store('history.npy', 240)
  store('few.npy', 90)
  store('bright.npy', 240, 0.4)
  await using detector = await fitTinyDetector({ epochs: 1 }, { side: SIDE })
  await detector.save(join(cwd, 'd.pixeldrift'))
})

const QUICK =
  '--batch-size 20 --false-alarm-every 1000 --within 20 --runs 10 --changes darker,covered,turned'

describe('pixeldrift rehearse', () => {
  it('says what would be told and found, writes a page, and goes on where it was stopped', async () => {
    const page = join(cwd, 'r.html')
    const args = `rehearse d.pixeldrift history.npy ${QUICK} --report r.html --json`
    const { code, stdout, stderr } = await run(args)
    assert.equal(code, 0, stderr)
    const rehearsal: Rehearsal = rehearsalSchema.parse(JSON.parse(stdout))
    assert.equal(rehearsal.withheld, null)
    assert.equal(rehearsal.history.images, 240)
    assert.equal(rehearsal.history.batches.count, 12)
    assert.equal(rehearsal.settings.images, 120)
    const names = rehearsal.changes.map(({ name }) => name)
    assert.deepEqual(names, ['darker', 'turned', 'covered'])
    const darker = rehearsal.changes.find(({ name }) => name === 'darker')
    assert.notEqual(darker?.shares[0].stream.smallest.kind, 'never')
    const html = readFileSync(page, 'utf8')
    assert.match(html, /What you would find, and what you would miss/)
    assert.match(html, /data:image\/png/)
    assert.ok(!existsSync(`${page}.unfinished`))

    const killed = startPixeldrift(args.split(' '), { cwd })
    const unfinished = `${page}.unfinished`
    const lines = (): string[] =>
      existsSync(unfinished) ? readFileSync(unfinished, 'utf8').split('\n') : []
    while (lines().length < 3) await delay(5)
    killed.child.kill('SIGKILL')
    await killed.ended
    // What is marked is not rehearsed again; what is half-written is.
    const [key, first, second] = lines()
    const marked = first.replace('"title":"', '"title":"already ')
    writeFileSync(unfinished, [key, marked, second, second.slice(0, 90)].join('\n'))
    const again = await run(args)
    const resumed = rehearsalSchema.parse(JSON.parse(again.stdout))
    assert.match(resumed.changes[0].title, /^already /)
    assert.deepEqual(resumed.changes.slice(1), rehearsal.changes.slice(1))
  })

  it('injects nothing into images that differ from the reference already', async () => {
    const { code, stdout } = await run(`rehearse d.pixeldrift bright.npy ${QUICK}`)
    assert.equal(code, 0)
    assert.match(stdout, /^These images differ from the reference already\n/)
    assert.doesNotMatch(stdout, /darker by/)
  })

  it('refuses what says nothing, and settings out of range, by their flags', async () => {
    const few = await run('rehearse d.pixeldrift few.npy')
    assert.equal(few.code, 2)
    assert.match(few.stderr, /expected at least 100 past images to rehearse with, got 90/)
    await run('measure d.pixeldrift few.npy --out few.parquet')
    const features = await run('rehearse d.pixeldrift few.parquet')
    assert.equal(features.code, 2)
    assert.match(
      features.stderr,
      /expected images to rehearse with, got features in .*few\.parquet/,
    )
    const batch = await run('rehearse d.pixeldrift history.npy --batch-size 4')
    assert.equal(batch.code, 2)
    assert.match(batch.stderr, /expected --batch-size to be at least 5, got 4/)
  })
})
