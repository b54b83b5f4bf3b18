import { measureRows } from '../../src/representations/index.ts'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fitExtractor, parseFitOptions } from '../../src/detector/index.ts'
import {
  extractOnThreads,
  type Extractor,
  loadExtractor,
  type ThreadedExtractor,
} from '../../src/measuring/index.ts'
import { concatenateRows, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'
import { startedThreads } from '../fixtures/started-threads.ts'

/** Enough 16×16 images to be worth threads. */
const MANY = 4200

let pixels: Tensor
let files: ReadonlyMap<string, Uint8Array>
let alone: Extractor

const form = { shape: { channels: 1, height: 16, width: 16 }, resize: 'stretch' } as const

before(async () => {
  pixels = blobImages({ count: MANY, seed: 1 })
  const fitted = await fitExtractor(
    {
      training: { pixels: sliceRows(pixels, 0, 160) },
      validation: { pixels: sliceRows(pixels, 160, 200) },
    },
    parseFitOptions({ epochs: 1 }),
    {},
  )
  files = fitted.save()
  await fitted.close()
  alone = await loadExtractor(files, form)
})

after(() => alone.close())

async function started(threads: number): Promise<ThreadedExtractor> {
  const shared = extractOnThreads(await loadExtractor(files, form), { threads })
  await shared.start()
  return shared
}

/** Equal but for rounding: the runtime multiplies one row in another order than many. */
function assertSameRows(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length)
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) <= 1e-5 * (1 + Math.abs(expected[i])), `value ${i}`)
  })
}

describe('an extractor on several threads', () => {
  it('measures the same numbers in the same order, odd numbers of rows included', async () => {
    const { started: threads, result: shared } = await startedThreads(() => started(3))
    assert.equal(threads, 3)
    for (const rows of [1, 2, 7, 250]) {
      const part = sliceRows(pixels, 11, 11 + rows)
      assertSameRows(await shared.transform(part), await alone.transform(part))
      assertSameRows(
        await measureRows(shared.autoencoder, { pixels: part }),
        await measureRows(alone.autoencoder, { pixels: part }),
      )
    }
    await shared.close()
  })

  it('answers questions asked at once, each with its own rows', async () => {
    const shared = await started(2)
    const parts = [0, 1, 2, 3].map((i) => sliceRows(pixels, 50 * i, 50 * i + 40 + i))
    const together = await Promise.all(parts.map((part) => shared.transform(part)))
    const wanted = await alone.transform(concatenateRows(parts))
    const width = alone.columns.length
    let at = 0
    for (const rows of together) {
      assertSameRows(rows, wanted.subarray(at, (at += rows.length)))
    }
    assert.equal(at, 166 * width)
    await shared.close()
  })

  it('leaves the thread that asks free', async () => {
    const shared = await started(2)
    const slow = extractOnThreads(
      {
        ...alone,
        transform: () => assert.fail('the threads are to measure'),
        close: async () => {},
      },
      { threads: 2 },
    )
    await slow.start()
    const part = sliceRows(pixels, 0, 30)
    assertSameRows(await slow.transform(part), await alone.transform(part))
    await slow.close()
    let ticks = 0
    const ticking = setInterval(() => ticks++, 1)
    await shared.transform(pixels)
    clearInterval(ticking)
    assert.ok(ticks > 0, 'the event loop turned while images were measured')
    await shared.close()
  })

  it('starts by itself when there is much to measure, and measures alone until then', async () => {
    const shared = extractOnThreads(await loadExtractor(files, form), { threads: 2 })
    const wanted = await alone.transform(sliceRows(pixels, 0, 30))
    const few = await startedThreads(() => shared.transform(sliceRows(pixels, 0, MANY - 200)))
    assert.equal(few.started, 0, 'fewer than a million values')
    const many = await startedThreads(async () => {
      await shared.transform(sliceRows(pixels, 0, 200))
      for (let i = 0; i < 5; i++) {
        assertSameRows(await shared.transform(sliceRows(pixels, 0, 30)), wanted)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })
    assert.equal(many.started, 2)
    await shared.close()
  })

  it('goes on without threads when one has failed', async () => {
    const shared = await started(2)
    const narrow = { shape: [30, 1, 16, 15], data: new Float32Array(30 * 16 * 15) }
    const part = sliceRows(pixels, 0, 30)
    const [failed, ...others] = await Promise.allSettled(
      [narrow, part, part].map((images) => shared.transform(images)),
    )
    assert.equal(failed.status, 'rejected')
    for (const other of others) {
      assert.ok(other.status === 'fulfilled')
      assertSameRows(other.value, await alone.transform(part))
    }
    await shared.close()
  })

  it('starts none where there is to be one, however much is measured', async () => {
    const save = () => assert.fail('no copy of the models is needed')
    const shared = extractOnThreads({ ...alone, save, close: async () => {} }, { threads: 1 })
    const part = sliceRows(pixels, 0, 30)
    const { started: threads } = await startedThreads(() => shared.transform(pixels))
    assert.equal(threads, 0)
    assertSameRows(await shared.transform(part), await alone.transform(part))
    await shared.close()
  })

  it('says why its threads can’t measure', async () => {
    const damaged = new Map(files).set('autoencoder.onnx', Uint8Array.of(1, 2, 3))
    const shared = extractOnThreads({ ...alone, save: () => damaged, close: async () => {} })
    await assert.rejects(shared.start())
    await assert.rejects(shared.transform(sliceRows(pixels, 0, 30)))
    await shared.close()
  })

  it('can be closed while its threads are starting', async () => {
    const shared = extractOnThreads(await loadExtractor(files, form), { threads: 2 })
    await shared.transform(pixels)
    await shared.close()
  })
})
