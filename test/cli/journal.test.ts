import assert from 'node:assert/strict'
import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type Journal, openJournal } from '../../src/cli/journal.ts'
import { type MeasuredBatch, noMeasurements } from '../../src/measuring/index.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const folder = temporaryFolder()
const nothing = noMeasurements({ extractorId: 'e', columns: [] })

function batch(number: number): MeasuredBatch {
  return { ...nothing, number, count: 10 }
}

async function numbersOf(journal: Journal): Promise<number[]> {
  const numbers: number[] = []
  for await (const { number } of journal.parts()) numbers.push(number)
  return numbers
}

describe('a journal of measuring', () => {
  it('that two runs write to at once holds each batch once, in their order', async () => {
    const path = join(folder, 'shared')
    const first = await openJournal(path, 'task')
    await first.append(batch(0))
    await first.append(batch(2))
    const second = await openJournal(path, 'task')
    assert.deepEqual([second.last, second.count], [2, 20])
    for (const number of [4, 6]) await second.append(batch(number))
    for (const number of [4, 6]) await first.append(batch(number))
    assert.deepEqual(await numbersOf(first), [0, 2, 4, 6])
    assert.deepEqual(await numbersOf(second), [0, 2, 4, 6])
    const third = await openJournal(path, 'task')
    assert.deepEqual([third.last, third.count], [6, 40])
    await third.append(batch(8))
    assert.deepEqual(await numbersOf(third), [0, 2, 4, 6, 8])
  })

  it('that another run has ended and removed gives no part of what was measured', async () => {
    const path = join(folder, 'removed')
    const first = await openJournal(path, 'task')
    const second = await openJournal(path, 'task')
    for (const number of [0, 1]) await first.append(batch(number))
    await second.append(batch(0))
    await first.remove()
    await second.append(batch(1))
    await assert.rejects(numbersOf(second), { code: 'output.unwritable' })
  })

  it('that a run of another task has begun anew gives nothing of either', async () => {
    const path = join(folder, 'other')
    const first = await openJournal(path, { column: 'a' })
    await first.append(batch(0))
    const second = await openJournal(path, { column: 'b' })
    assert.deepEqual([second.last, second.count], [-1, 0])
    await assert.rejects(numbersOf(first), { code: 'output.unwritable' })
    await second.append(batch(0))
    await second.append(batch(1))
    assert.deepEqual(await numbersOf(second), [0, 1])
    await first.append(batch(2))
    assert.deepEqual(await numbersOf(second), [0, 1], 'what the other one writes is not taken')
  })

  it('whose end was half-written goes on before it', async () => {
    const path = join(folder, 'torn')
    const journal = await openJournal(path, 'task')
    await journal.append(batch(0))
    const { length } = readFileSync(path)
    await journal.append(batch(1))
    truncateSync(path, length + 11)
    const again = await openJournal(path, 'task')
    assert.deepEqual([again.last, again.count], [0, 10])
    await again.append(batch(1))
    assert.deepEqual(await numbersOf(again), [0, 1])
  })
})
