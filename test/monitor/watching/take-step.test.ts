import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Detector } from '../../../src/detector/index.ts'
import { completePolicy } from '../../../src/judging/index.ts'
import { type Memory, takeStep } from '../../../src/monitor/watching/take-step.ts'
import type { StepRequest } from '../../../src/monitor/watching/watching-messages.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import {
  baselineOfNumbers,
  CELLS,
  drawPlaces,
  drawRows,
} from '../../judging/stream/stream-of-numbers.ts'

const baseline = baselineOfNumbers(1, { hasPlaces: true })
const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const detector = { baseline, manifest: { policy } } as unknown as Detector
const width = baseline.table.columns.length

/** Images of a camera; `moved` lists places of the frame and by how much they are. */
function request(count: number, change: Partial<StepRequest> = {}, moved = {}): StepRequest {
  const random = createRandom(count)
  const [values, places] = [drawRows(count, random), drawPlaces(count, random, moved)]
  return {
    kind: 'step',
    detector: {} as StepRequest['detector'],
    monitor: 'line-1',
    settings: { falseAlarmEvery: 10_000, threshold: 'guaranteed', seed: 0 },
    stamps: { before: '', after: '1' },
    streams: [],
    arrivals: Array.from({ length: count }, (_, i) => ({
      source: '',
      image: {
        number: i,
        record: { id: `${i}.png` },
        hash: i,
        numbers: values.subarray(i * width, (i + 1) * width),
        places: places.subarray(i * CELLS, (i + 1) * CELLS),
      },
    })),
    guards: [],
    ...change,
  }
}

function step(of: StepRequest, memory: Memory = new Map()) {
  const stepped = takeStep(detector, of, memory)
  assert.ok(stepped !== 'needs-streams')
  return stepped
}

describe('a step of the streams of a monitor', () => {
  it('gives streams the places of images: a mark that no single image shows is found', () => {
    const { events } = step(request(300, {}, { 9: -1, 10: -1, 17: -1 }))
    assert.deepEqual(
      events.map(({ kind, source }) => [kind, source]),
      [['drift', '']],
    )
    const [event] = events
    assert.ok(event.kind === 'drift' && event.carriers[0].group === 'place')
  })

  it('begins anew where what is remembered of streams is of another version', () => {
    const { streams } = step(request(20))
    const [{ source, state }] = streams
    const saved = (bytes: Uint8Array) => request(5, { streams: [[source, bytes]] })
    assert.equal(step(saved(state)).streams[0].images, 25)
    const text = Buffer.from(state).toString('latin1').replace('"format":4', '"format":3')
    assert.equal(step(saved(Buffer.from(text, 'latin1'))).streams[0].images, 5)
    assert.throws(() => step(saved(state.subarray(0, 100))), { code: 'artifact.corrupt' })
  })
})
