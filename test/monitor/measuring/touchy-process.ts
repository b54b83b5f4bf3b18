/** A process that measures nothing, and dies, hangs or grows over images that say so. */
import type {
  MeasureAnswer,
  MeasureRequest,
} from '../../../src/monitor/measuring/measuring-messages.ts'
import { DriftError } from '../../../src/errors.ts'
import { serveProcess } from '../../../src/monitor/processes/index.ts'

const held: Buffer[] = []

async function respond({ detector, images }: MeasureRequest): Promise<MeasureAnswer> {
  if (detector.artifact === undefined && detector.id === 'unknown') return 'needs-detector'
  for (const { bytes, record } of images) {
    const said = Buffer.from(bytes).toString()
    if (said === 'crash') process.kill(process.pid, 'SIGSEGV')
    if (said === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    if (said === 'grow') for (;;) held.push(Buffer.alloc(16 * 1024 * 1024, 1))
    if (said === 'odd') throw new DriftError('model-outputs.invalid', `odd: ${record.id}`)
  }
  return {
    images: images.map(({ number, record, ordinal }) => ({
      number,
      record,
      hash: process.pid,
      numbers: Float32Array.of(ordinal),
    })),
  }
}

serveProcess(respond)
