import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

  it('may be given where an earlier run was killed in mid-writing', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.partial'), 'half')
    await requireOutputs({ '--out': join(folder, 'a') }, [])
    await writeOutput(join(folder, 'a'), 'whole')
    assert.deepEqual(readdirSync(folder), ['a'])
  })

  it('keep the old file when the new one cannot be written', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'a')
    writeFileSync(path, 'old')
    mkdirSync(`${path}.partial`)
    await unwritable(writeOutput(path, 'new'))
    assert.equal(readFileSync(path, 'utf8'), 'old')
  })
})

describe('scores as CSV', () => {
  it('quote what needs it and appear only when complete', async () => {
    const folder = temporaryFolder()
    const writer = createScoreWriter(join(folder, 's.csv'))
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

  it('leave nothing when they are given up', async () => {
    const folder = temporaryFolder()
    const writer = createScoreWriter(join(folder, 's.csv'))
    writer.write([score('a.png')])
    await writer.discard()
    assert.deepEqual(readdirSync(folder), [])
  })

  it('say so when they cannot be written', async () => {
    const writer = createScoreWriter(join(temporaryFolder(), 'no', 's.csv'))
    writer.write([score('a.png')])
    await unwritable(writer.finish())
  })
})
