import { loadPooledMnist } from '../../evaluation/data/mnist.ts'
import { unpackImages } from '../../evaluation/data/packed-images.ts'
import { fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import type { Baseline, Stream } from '../../src/judging/index.ts'
import { type Measurements, noMeasurements } from '../../src/measuring/index.ts'
import { pickRows } from '../../src/measuring/values/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { spreadOf } from '../harness/ratios.ts'
import { defineTopic } from '../harness/topic.ts'

/** Images handed to the stream at once, as the command does. */
const PART = 256
/** So many that the reference is longer than every window of slow changes. */
const FITTED = 20_000
/** Images whose time is one figure. */
const TIMED = 256 * 40
/** Images before a stream is saved, and behind it. */
const HALF = 256 * 8

/** What a stream costs beyond measuring its images. */
export const topic = defineTopic({
  title: 'A stream beyond measuring',
  description:
    'Processor time of an image in a stream once it is measured, of all threads of the process: all features of a detector of digits, rows of its own reference in random order, so that every test watches; one thread, 256 images at once; the size of the state as the stream grows; and whether a stream that was saved and restored goes on the same to the bit.',
  options: {
    images: {
      kind: 'integer',
      default: 10_000_000,
      quick: 50_000,
      description: 'images of the longest stream',
    },
  },
  run: async ({ images }, { log }) => {
    const pool = await loadPooledMnist()
    const rows = Uint32Array.from({ length: FITTED }, (_, i) => i)
    await using detector = await fit(arrayImages(unpackImages(pool, rows)), { epochs: 1 })
    const { baseline } = detector
    const nextPart = createParts(baseline)
    const stream = detector.stream()
    const startBytes = stream.save().length
    const times: number[] = []
    let [watching, alarms] = [0, 0]
    while (stream.images < images) {
      let spent = 0
      for (let taken = 0; taken < TIMED; taken += PART) {
        const part = nextPart()
        const before = process.cpuUsage()
        const events = stream.take(part)
        const { user, system } = process.cpuUsage(before)
        spent += user + system
        alarms += events.filter(({ kind }) => kind === 'drift').length
        if (stream.status === 'watching') watching += PART
      }
      times.push(spent / TIMED)
      if (times.length % 50 === 0) log(`${stream.images} images`)
    }
    const quarter = Math.max(1, Math.floor(times.length / 4))
    return {
      columns: baseline.table.columns.length,
      images: stream.images,
      watching: watching / stream.images,
      alarms,
      processorMicrosecondsPerImage: spreadOf(times),
      firstQuarter: spreadOf(times.slice(0, quarter)).median,
      lastQuarter: spreadOf(times.slice(-quarter)).median,
      stateBytes: { start: startBytes, end: stream.save().length },
      isRestoredEqual: goesOnEqual((saved) => detector.stream({}, saved), nextPart),
    }
  },
})

/** Rows of the reference with what is at each place of the frame, drawn again and again. */
function createParts({ table, extractorId, comparison }: Baseline): () => Measurements {
  const random = createRandom(0)
  const { columns, values } = table
  const width = columns.length
  const count = values.length / width
  const { maps = new Int8Array() } = comparison.prepared
  const cells = maps.length / count
  let number = 0
  return () => {
    const drawn = Array.from({ length: PART }, () => random.integer(count))
    return {
      ...noMeasurements({ extractorId, columns }),
      images: Array.from({ length: PART }, () => ({
        record: { id: `images/2026/${String(number).padStart(9, '0')}.png` },
        place: number,
        hash: number++,
      })),
      values: pickRows(values, drawn, width),
      places: pickRows(maps, drawn, cells),
      count: PART,
    }
  }
}

function goesOnEqual(open: (saved?: Uint8Array) => Stream, nextPart: () => Measurements): boolean {
  const parts = Array.from({ length: (2 * HALF) / PART }, nextPart)
  const whole = open()
  const first = open()
  for (const [i, part] of parts.entries()) {
    whole.take(part)
    if (i < parts.length / 2) first.take(part)
  }
  const second = open(first.save())
  for (const part of parts.slice(parts.length / 2)) second.take(part)
  return Buffer.compare(whole.save(), second.save()) === 0
}
