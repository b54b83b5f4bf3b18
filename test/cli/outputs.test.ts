import assert from 'node:assert/strict'
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { requireOutputs, writeOutput } from '../../src/cli/outputs.ts'
import { createScoreWriter } from '../../src/cli/score-writer.ts'
import type { ImageScore } from '../../src/detector/index.ts'
import { DriftError } from '../../src/errors.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const score = (id: string, label?: string): ImageScore => ({
  record: { id, ...(label !== undefined && { label }) },
  loss: 0.5,
  excessLoss: 0.25,
  score: 2,
  pValue: 0.125,
})

async function unwritable(promise: Promise<unknown>): Promise<void> {
  await assert.rejects(
    promise,
    (error) => error instanceof DriftError && error.code === 'output.unwritable',
  )
}

describe('outputs', () => {
  it('are tried out without leaving a trace, whether they exist or not', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'old'), 'old')
    await requireOutputs({ '--out': join(folder, 'new'), '--report': join(folder, 'old') }, [])
    assert.deepEqual(readdirSync(folder), ['old'])
    assert.equal(readFileSync(join(folder, 'old'), 'utf8'), 'old')
  })

  it('clear away what a run that was killed in mid-writing left, and nothing of one that writes', async () => {
    const folder = temporaryFolder()
    // No process has such a number.
    writeFileSync(join(folder, 'a.99999999-0.partial'), 'half')
    const other = `a.${process.pid}-0.partial`
    writeFileSync(join(folder, other), 'of another file of this run')
    await requireOutputs({ '--out': join(folder, 'a') }, [])
    await writeOutput(join(folder, 'a'), 'whole')
    assert.deepEqual(readdirSync(folder), ['a', other])
  })

  it('keep the old file when the new one cannot be written', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'a')
    writeFileSync(path, 'old')
    await unwritable(writeOutput(join(path, 'b'), 'new'))
    assert.equal(readFileSync(path, 'utf8'), 'old')
  })

  it('follow a link, keep it, and keep the mode of the file it points to', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'old'), 'old', { mode: 0o640 })
    symlinkSync('old', join(folder, 'latest'))
    symlinkSync('latest', join(folder, 'link'))
    await writeOutput(join(folder, 'link'), 'new')
    assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink())
    assert.ok(lstatSync(join(folder, 'latest')).isSymbolicLink())
    assert.equal(readFileSync(join(folder, 'old'), 'utf8'), 'new')
    assert.equal(statSync(join(folder, 'old')).mode & 0o777, 0o640)
    symlinkSync('made', join(folder, 'dangling'))
    await writeOutput(join(folder, 'dangling'), 'new')
    assert.equal(readFileSync(join(folder, 'made'), 'utf8'), 'new')
  })

  it('write through a device, a pipe and an open file, which stay what they are', async () => {
    const folder = temporaryFolder()
    await writeOutput('/dev/null', 'nothing')
    assert.ok(statSync('/dev/null').isCharacterDevice())
    await unwritable(writeOutput('/dev/full', 'too much'))
    writeFileSync(join(folder, 'log'), 'before ')
    const file = openSync(join(folder, 'log'), 'a')
    symlinkSync(`/proc/self/fd/${file}`, join(folder, 'open'))
    await writeOutput(join(folder, 'open'), 'after')
    closeSync(file)
    assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'before after')
    assert.ok(lstatSync(join(folder, 'open')).isSymbolicLink())
  })

  it('of two runs at once are each whole', async () => {
    const path = join(temporaryFolder(), 'a')
    const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(1 << 20))
    await Promise.all(contents.map((content) => writeOutput(path, content)))
    assert.ok(contents.includes(readFileSync(path, 'utf8')))
    assert.deepEqual(readdirSync(join(path, '..')), ['a'])
  })
})

describe('scores as CSV', () => {
  it('quote what needs it and appear only when complete', async () => {
    const folder = temporaryFolder()
    const writer = await createScoreWriter(join(folder, 's.csv'))
    writer.write([score('a.png', 'cat'), score('b, c.png')])
    writer.write([score('say "hi".png')])
    assert.ok(!readdirSync(folder).includes('s.csv'))
    await writer.finish()
    assert.deepEqual(readdirSync(folder), ['s.csv'])
    assert.deepEqual(readFileSync(join(folder, 's.csv'), 'utf8').split('\n'), [
      'id,label,loss,excess_loss,score,p_value',
      'a.png,cat,0.5,0.25,2,0.125',
      '"b, c.png",,0.5,0.25,2,0.125',
      '"say ""hi"".png",,0.5,0.25,2,0.125',
      '',
    ])
  })

  it('are no formulas, whatever images are called', async () => {
    const path = join(temporaryFolder(), 's.csv')
    const writer = await createScoreWriter(path)
    writer.write([score('=HYPERLINK("x")', '@cat'), score('-a', '+b')])
    await writer.finish()
    const [, first, second] = readFileSync(path, 'utf8').split('\n')
    assert.equal(first, `"'=HYPERLINK(""x"")","'@cat",0.5,0.25,2,0.125`)
    assert.equal(second, `"'-a","'+b",0.5,0.25,2,0.125`)
  })

  it('leave nothing when they are given up', async () => {
    const folder = temporaryFolder()
    const writer = await createScoreWriter(join(folder, 's.csv'))
    writer.write([score('a.png')])
    await writer.discard()
    assert.deepEqual(readdirSync(folder), [])
  })

  it('say so when they cannot be written', async () => {
    await unwritable(createScoreWriter(join(temporaryFolder(), 'no', 's.csv')))
    const writer = await createScoreWriter('/dev/full')
    writer.write([score('a.png')])
    await unwritable(writer.finish())
  })
})
