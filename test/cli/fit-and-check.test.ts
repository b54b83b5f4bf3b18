import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { ReportJson } from '../../src/report/index.ts'
import { type Verdict, verdictSchema } from '../../src/verdict/index.ts'
import { completePolicy } from '../../src/judging/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { temporaryFolder } from '../images/stored-images.ts'
import { type Ended, runPixeldrift, type RunOptions } from './run-pixeldrift.ts'

const cwd = temporaryFolder()

async function run(args: string, options: RunOptions = {}): Promise<Ended> {
  return runPixeldrift(args.split(' '), {
    cwd,
    ...options,
    env: { SOURCE_DATE_EPOCH: '1795442730', ...options.env },
  })
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>

before(async () => {
  await writeImageFolder(join(cwd, 'training'), blobImages({ count: 200, seed: 1 }))
  await writeImageFolder(join(cwd, 'clean'), blobImages({ count: 30, seed: 2 }))
  await writeImageFolder(join(cwd, 'bright'), blobImages({ count: 30, seed: 3, background: 0.3 }))
  await writeImageFolder(join(cwd, 'few'), blobImages({ count: 3, seed: 4 }))
  const { code, stderr } = await run('fit training --out d.pixeldrift --epochs 2')
  assert.equal(code, 0, stderr)
})

describe('a batch of which much can not be read', () => {
  const withUnreadable = async (name: string, unreadable: number): Promise<Ended> => {
    await writeImageFolder(join(cwd, name), blobImages({ count: 20, seed: 2 }))
    for (let i = 0; i < unreadable; i++) writeFileSync(join(cwd, name, `x${i}.png`), 'no picture')
    return run(`check d.pixeldrift ${name}`)
  }

  it('is a warning with exit status 0 below half, and 2 from half on', async () => {
    const some = await withUnreadable('some', 19)
    assert.equal(some.code, 0, some.stderr)
    assert.match(some.stdout, /19 could not be\sread/)
    const half = await withUnreadable('half', 20)
    assert.equal(half.code, 2, half.stderr)
    assert.match(half.stdout, /20 could not be\sread/)
  })
})

describe('a batch whose images repeat each other', () => {
  it('is a warning with exit status 2 where that is half of them or more', async () => {
    const one = blobImages({ count: 1, seed: 2 })
    const data = Float32Array.from({ length: 20 * 256 }, (_, i) => one.data[i % 256])
    await writeImageFolder(join(cwd, 'frozen'), { shape: [20, 1, 16, 16], data })
    const { code, stdout } = await run('check d.pixeldrift frozen')
    assert.equal(code, 2)
    assert.match(stdout, /^WARNING {2}The feed seems to be frozen\.\n20 of 20 images are copies/)
  })
})

describe('pixeldrift fit', () => {
  it('says what it made, how good it is and what to do next', async () => {
    const { code, stdout, stderr } = await run('fit training --out again.pixeldrift --epochs 2')
    assert.equal(code, 0)
    assert.equal(stderr, '', 'no progress in a pipe')
    assert.match(stdout, /^Fitted detector [0-9a-f]{12} in \d+ s: again\.pixeldrift\n/)
    assert.match(
      stdout,
      /120 training, 20 validation and 60 held-out .* 1×16×16; baseline loss 0\.\d{4}/,
    )
    assert.match(stdout, /\nNote: only 60 held-out reference images/)
    assert.match(stdout, /\nNext: npx pixeldrift check again\.pixeldrift <images>\n$/)
    assert.deepEqual(
      readFileSync(join(cwd, 'again.pixeldrift')),
      readFileSync(join(cwd, 'd.pixeldrift')),
    )
  })

  it('prints JSON and nothing else when asked', async () => {
    const args = 'fit training --out j.pixeldrift --epochs 1 --json --seed 4 --threshold 20%'
    const { code, stdout, stderr } = await run(`${args} --tolerate rotation=5`)
    assert.equal(code, 0)
    assert.equal(stderr, '')
    const { path, seed, policy, counts, skipped } = json(stdout)
    assert.deepEqual(
      { path, seed, policy, skipped },
      {
        path: 'j.pixeldrift',
        seed: 4,
        policy: completePolicy({ kind: 'relative', increase: 0.2 }),
        skipped: [],
      },
    )
    assert.deepEqual(counts, {
      available: 200,
      training: 120,
      validation: 20,
      reference: 60,
      skipped: 0,
    })
  })

  it('names and counts a damaged file and goes on; with --strict it stops there', async () => {
    await writeImageFolder(join(cwd, 'mixed'), blobImages({ count: 120, seed: 1 }))
    writeFileSync(join(cwd, 'mixed', 'torn.jpg'), Uint8Array.of(255, 216, 255, 224, 0, 16))
    const { code, stdout, stderr } = await run('fit mixed --out m.pixeldrift --epochs 1')
    assert.equal(code, 0)
    assert.match(stdout, /Note: 1 of 121 reference images could not be read/)
    assert.match(stderr, /^pixeldrift: skipped: expected a whole image.* torn\.jpg.*\n$/)

    const strict = await run('fit mixed --out s.pixeldrift --epochs 1 --strict')
    assert.equal(strict.code, 2)
    assert.match(strict.stderr, /^pixeldrift: expected a whole image.* torn\.jpg/)
    assert.ok(!existsSync(join(cwd, 's.pixeldrift')))
  })
})

describe('pixeldrift check', () => {
  it('ends with 0 on images like the reference', async () => {
    const { code, stdout, stderr } = await run('check d.pixeldrift clean')
    assert.equal(code, 0)
    assert.equal(stderr, '', 'no progress in a pipe')
    assert.match(stdout, /^NO DRIFT/)
    assert.ok(!stdout.includes('\u001B'), 'no colours in a pipe')
  })

  it('ends with 1 on drift and says what changed', async () => {
    const { code, stdout } = await run('check d.pixeldrift bright')
    assert.equal(code, 1)
    assert.match(stdout, /^DRIFT/)
    assert.match(stdout, /What changed/)
  })

  it('ends with 2 on too few images: that is no all-clear', async () => {
    const { code, stdout, stderr } = await run('check d.pixeldrift few')
    assert.equal(code, 2)
    assert.equal(stderr, '')
    assert.match(stdout, /^NOT ENOUGH DATA/)
  })

  it('does not paint in a pipe because it runs on a build server', async () => {
    const { stdout } = await run('check d.pixeldrift clean', { env: { CI: 'true' } })
    assert.match(stdout, /^NO DRIFT/)
  })

  it('paints for FORCE_COLOR, and not for NO_COLOR', async () => {
    const env = { FORCE_COLOR: '1' }
    const painted = await run('check d.pixeldrift clean', { env })
    assert.ok(painted.stdout.includes('\u001B[32m'))
    const plain = await run('check d.pixeldrift clean', { env: { ...env, NO_COLOR: '1' } })
    assert.ok(!plain.stdout.includes('\u001B'))
  })

  it('prints the verdict as JSON and nothing else, the same for the same seed', async () => {
    const first = await run('check d.pixeldrift bright --json --seed 3')
    const second = await run('check d.pixeldrift bright --json --seed 3')
    assert.equal(first.code, 1)
    assert.equal(first.stderr, '')
    assert.equal(second.stdout, first.stdout)
    const verdict = json(first.stdout) as unknown as Verdict
    assert.equal(verdict.judgement.drift, true)
    assert.equal(verdict.judgement.count, 30)
    assert.match(verdict.judgement.exemplars.mostUnusual[0].id, /^00\d\d\.png$/)
    assert.equal(verdict.period.judgedAt, '2026-11-23T14:05:30.000Z')
    assert.equal(verdict.source.location, 'bright')
    assert.deepEqual(verdictSchema.parse(verdict), verdict)
  })

  it('writes every image’s scores as CSV', async () => {
    await run('check d.pixeldrift clean --scores scores.csv --report scores.json')
    const { scores } = JSON.parse(readFileSync(join(cwd, 'scores.json'), 'utf8')) as ReportJson
    const [head, ...rows] = readFileSync(join(cwd, 'scores.csv'), 'utf8').trimEnd().split('\n')
    assert.equal(head, 'id,label,loss,excess_loss,score,p_value')
    assert.deepEqual(
      rows.map((row) => row.split(',')),
      scores.map(({ record, loss, excessLoss, score, pValue }) =>
        [record.id, '', loss, excessLoss, score, pValue].map(String),
      ),
    )
  })

  it('writes a report: a page, or JSON by its name', async () => {
    const page = await run('check d.pixeldrift bright --report r.html')
    assert.match(page.stdout, /Pictures and charts: r\.html/)
    assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /^<!doctype html>/i)
    await run('check d.pixeldrift bright --report r.json')
    assert.ok('verdict' in json(readFileSync(join(cwd, 'r.json'), 'utf8')))
  })

  it('reports too few images too', async () => {
    const { code, stderr } = await run('check d.pixeldrift few --report few.html')
    assert.equal(code, 2)
    assert.equal(stderr, '')
    assert.match(readFileSync(join(cwd, 'few.html'), 'utf8'), /Too few images/)
  })

  it('applies another policy than the fitted one', async () => {
    const published = await run('check d.pixeldrift bright --threshold 1000% --json')
    assert.equal(published.code, 0)
    assert.equal(
      (json(published.stdout) as unknown as Verdict).judgement.threshold.policy,
      'relative',
    )
  })

  it('reads only the first images when limited', async () => {
    const { stdout } = await run('check d.pixeldrift clean --limit 12 --json')
    assert.equal((json(stdout) as unknown as Verdict).judgement.count, 12)
  })
})

describe('pixeldrift inspect and export', () => {
  it('say what a detector holds', async () => {
    const { code, stdout } = await run('inspect d.pixeldrift')
    assert.equal(code, 0)
    assert.match(stdout, /^reference images +200 in training, 0 skipped$/m)
    assert.match(stdout, /^policy +false-alarm rate 0\.01$/m)
    assert.match(stdout, /^fitted +2026-11-23 14:05 UTC$/m)
    assert.match(stdout, /^with +pixeldrift .*, ONNX Runtime .*, sharp /m)
    const { counts, history } = json((await run('inspect d.pixeldrift --json')).stdout)
    assert.equal((counts as { reference: number }).reference, 60)
    assert.equal((history as unknown[]).length, 2)
  })

  it('write the scoring model', async () => {
    const { code, stdout } = await run('export d.pixeldrift --out scorer.onnx')
    assert.equal(code, 0)
    const bytes = readFileSync(join(cwd, 'scorer.onnx'))
    assert.match(stdout, new RegExp(`^Wrote scorer\\.onnx \\(${bytes.length} bytes\\)`))
    assert.match(stdout, /images: float32 N×1×16×16 in \[0, 1\] → loss, columns, reconstruction/)
  })
})

describe('all of this', () => {
  it('leaves no half-written file', () => {
    assert.deepEqual(
      readdirSync(cwd).filter((name) => name.endsWith('.partial')),
      [],
    )
  })
})
