import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { readBatchArgument } from '../../src/cli/feature-arguments.ts'
import { runMeasure } from '../../src/cli/commands/measure.ts'
import type { Shard } from '../../src/cli/shard-flag.ts'
import type { Verdict } from '../../src/detector/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { fitTinyDetector } from '../fixtures/tiny-detector.ts'
import { npyOf, temporaryFolder } from '../images/stored-images.ts'
import { BUCKET, startS3Server } from '../storage/s3-server.ts'
import { type Ended, runPixeldrift, startPixeldrift } from './run-pixeldrift.ts'

const cwd = temporaryFolder()
const SIDE = 8
const images = join(cwd, 'images.npy')

/** Progress is shown on terminals only; this makes the pipe pass for one. */
const TERMINAL = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('process.stderr.isTTY=true')}`,
}

async function run(args: string): Promise<Ended> {
  return runPixeldrift(args.split(' '), { cwd })
}

/** In this process, which sixteen times over is quicker. */
async function measureHere(
  location: string,
  name: string,
  flags: { readonly shard?: Shard } = {},
): Promise<void> {
  const paths = { detector: join(cwd, 'd.pixeldrift'), images: location }
  const out = join(cwd, name)
  const streams = { write: () => {} }
  const { signal } = new AbortController()
  const clocks = { now: () => 0, environment: {}, wallClock: () => new Date(0) }
  const context = { out: streams, err: streams, signal, color: false, ...clocks }
  assert.equal(await runMeasure(paths, { out, threads: 1, ...flags }, context), 0)
}

async function verdictOf(args: string): Promise<Verdict> {
  const { stdout, stderr } = await run(`check d.pixeldrift ${args} --json`)
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as Verdict
}

/** Images of 8-bit blobs, different ones repeated with another brightness each time. */
function writeArray(name: string, count: number, background = 0.1): void {
  const { data } = blobImages({ count: Math.min(count, 400), seed: 3, side: SIDE, background })
  const size = SIDE * SIDE
  const bytes = Uint8Array.from({ length: count * size }, (_, i) => {
    const round = Math.floor(i / data.length)
    return Math.min(255, Math.round(255 * data[i % data.length]) + round)
  })
  writeFileSync(join(cwd, name), npyOf([count, SIDE, SIDE], bytes))
}

before(async () => {
  writeArray('images.npy', 1200)
  writeArray('bright.npy', 300, 0.3)
  await using detector = await fitTinyDetector({ epochs: 1 }, { side: SIDE })
  await detector.save(join(cwd, 'd.pixeldrift'))
})

describe('pixeldrift measure', () => {
  it('writes what check judges: the verdict is that on the images', async () => {
    const { code, stdout, stderr } = await run(`measure d.pixeldrift ${images} --out all.parquet`)
    assert.equal(code, 0, stderr)
    assert.equal(stdout, 'all.parquet: 1200 images measured\n')
    assert.deepEqual(await verdictOf('all.parquet'), await verdictOf(images))
  })

  it('in sixteen parts gives what one run gives, checked in any order or by a pattern', async () => {
    const parts = Array.from({ length: 16 }, (_, i) => ((5 * i + 3) % 16) + 1)
    for (const index of parts) {
      await measureHere(images, `part-${index}.parquet`, { shard: { index, of: 16 } })
    }
    const whole = await verdictOf('all.parquet')
    const names = parts.map((part) => `part-${part}.parquet`)
    assert.deepEqual(await verdictOf(names.toReversed().join(' ')), whole)
    assert.deepEqual(await verdictOf('part-*.parquet'), whole)
    const {
      judgement: { count },
    } = await verdictOf('part-1.parquet')
    assert.ok(count > 0 && count < 1200)
  })

  it('reads from a bucket as from a file', async () => {
    const { objects } = await startS3Server()
    objects.set('in/images.npy', readFileSync(images))
    const location = 's3://pictures/in [1]*/x?.npy'
    assert.deepEqual(await readBatchArgument([location]), { kind: 'images', location })
    await measureHere(`s3://${BUCKET}/in/images.npy`, 'far.parquet')
    const [far, near] = [await verdictOf('far.parquet'), await verdictOf('all.parquet')]
    assert.deepEqual(far.judgement, near.judgement)
  })

  it('goes on where it was killed, and writes the same file', async () => {
    writeArray('many.npy', 12_000)
    const args = 'measure d.pixeldrift many.npy --threads 1 --out'
    const started = startPixeldrift([...args.split(' '), 'killed.parquet'], { cwd, env: TERMINAL })
    started.child.stderr?.once('data', () => started.child.kill('SIGKILL'))
    await started.ended
    assert.ok(!existsSync(join(cwd, 'killed.parquet')), 'killed before it was done')
    assert.ok(existsSync(join(cwd, 'killed.parquet.measuring')))
    // As a kill in the middle of writing leaves it.
    writeFileSync(join(cwd, 'killed.parquet.measuring'), Buffer.alloc(20, 7), { flag: 'a' })
    const again = await run(`${args} killed.parquet`)
    assert.match(again.stderr, /going on after \d+ images/)
    assert.equal(again.stdout, 'killed.parquet: 12000 images measured\n')
    await run(`${args} whole.parquet`)
    assert.deepEqual(
      readFileSync(join(cwd, 'killed.parquet')),
      readFileSync(join(cwd, 'whole.parquet')),
    )
    assert.deepEqual(
      readdirSync(cwd).filter((name) => name.endsWith('.measuring')),
      [],
    )
  })

  it('begins anew where another run was stopped', async () => {
    writeFileSync(join(cwd, 'other.parquet.measuring'), 'of another run')
    const { stdout, stderr } = await run(
      'measure d.pixeldrift bright.npy --out other.parquet --json',
    )
    assert.equal(stderr, '')
    assert.deepEqual(JSON.parse(stdout), { out: 'other.parquet', images: 300, skipped: 0 })
  })

  it('refuses a part that is none, and files together with images', async () => {
    for (const part of ['0/3', '4/3', 'x']) {
      const { code, stderr } = await run(`measure d.pixeldrift images.npy --shard ${part} --out a`)
      assert.equal(code, 2)
      assert.match(stderr, /such as 3\/16/)
    }
    const far = await run('measure d.pixeldrift images.npy --out s3://pictures/a.parquet')
    assert.equal(far.code, 2)
    assert.match(far.stderr, /nothing is written to a bucket/)
    const mixed = await run('check d.pixeldrift all.parquet images.npy')
    assert.equal(mixed.code, 2)
    assert.match(mixed.stderr, /files of measurements alone, got 2 places .* images\.npy/)
    const none = await run('check d.pixeldrift nothing-*.parquet')
    assert.match(none.stderr, /none that match nothing-\*\.parquet/)
  })

  it('gives scores of every image, and a report without pictures', async () => {
    const { code, stderr } = await run(
      'check d.pixeldrift part-*.parquet --scores s.csv --report r.html',
    )
    // Two thirds of the images are one or two grey levels brighter, which may be seen.
    assert.ok(code !== 2, stderr)
    assert.equal(readFileSync(join(cwd, 's.csv'), 'utf8').trim().split('\n').length, 1201)
    assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /<html/)
  })
})

describe('pixeldrift rebaseline', () => {
  it('says what would change and writes nothing unless that is accepted', async () => {
    const { code, stdout, stderr } = await run(
      'rebaseline d.pixeldrift bright.npy --out n.pixeldrift',
    )
    assert.equal(code, 2)
    assert.match(stdout, /reference images +120 +300\n/)
    assert.match(stdout, /What the new reference shows, against the old one:\n {2}\S/)
    assert.match(stderr, /nothing was written: a baseline is not changed unseen\n {2}.*--accept/)
    assert.ok(!existsSync(join(cwd, 'n.pixeldrift')))
  })

  it('writes a detector that takes the new images for usual', async () => {
    assert.equal((await run('check d.pixeldrift bright.npy')).code, 1)
    const { code, stdout } = await run(
      'rebaseline d.pixeldrift other.parquet --out n.pixeldrift --accept --json',
    )
    assert.equal(code, 0)
    const change = JSON.parse(stdout) as { written: boolean; severity: string; to: object }
    assert.deepEqual([change.written, change.severity], [true, 'drift'])
    writeArray('more-bright.npy', 40, 0.3)
    assert.equal((await run('check n.pixeldrift more-bright.npy')).code, 0)
    assert.equal((await run('check n.pixeldrift images.npy')).code, 1)
  })
})
