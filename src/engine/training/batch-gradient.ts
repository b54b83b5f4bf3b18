import { availableParallelism } from 'node:os'
import { elementCount, type Random, sliceRows, tensor, type Tensor } from '../../tensor/index.ts'
import { arrangeForDevice } from '../device-layout.ts'
import { gradients } from '../gradient.ts'
import { ops } from '../graph/index.ts'
import { parameterCount, unpackParameters } from '../nn/index.ts'
import { writeModel } from '../onnx/index.ts'
import { type Device, type Feed, openSession, type SessionOptions } from '../session.ts'
import { batchLoss, evenly, partRows, unboundLoss } from './batch-loss.ts'
import { bankedNoise, drawNoiseBank, drawNoiseStarts, noiseBankSize } from './noise-bank.ts'
import type { TrainingTask } from './training-task.ts'
import { openWorkerSession, type WorkerSession } from '../worker-session.ts'

/** Loss of a batch and its derivative by the flat parameters. */
export type BatchGradient = {
  run(
    batch: Readonly<Record<string, Tensor>>,
    parameters: Tensor,
    random: Random,
  ): Promise<{ readonly loss: number; readonly gradient: Tensor }>
  close(): Promise<void>
}

export type BatchGradientOptions = SessionOptions & {
  readonly batchSize: number
  /** Seeds the bank of noise. */
  readonly random: Random
}

/** What one thread computes of the batch: its rows, their gradient as a model, and the noise that model reads. */
type Share = {
  readonly start: number
  readonly rows: number
  readonly model: Uint8Array
  readonly noiseSizes: readonly number[]
}

/**
 * Opens the gradient of a batch. On the CPU its parts are shared out among `threads` threads, each with a session of
 * its own: a thread that keeps to its parts keeps them in its cache, which sharing out each op would not.
 */
export async function openBatchGradient(
  task: TrainingTask,
  options: BatchGradientOptions,
): Promise<BatchGradient> {
  const { batchSize, device = 'cpu', threads = availableParallelism() } = options
  const parts = partRows(task, batchSize)
  const count = device === 'cpu' ? Math.min(threads, parts.length) : 1
  const { noiseSizes } = unboundLoss(task, Math.max(...parts))
  const bankSize = noiseBankSize(Math.max(0, ...noiseSizes))
  const shares = await Promise.all(
    shareOut(parts, count).map((own) => buildShare(task, own, { device, bankSize })),
  )
  const noisy = noiseSizes.length > 0
  const fixed: Record<string, Feed> = noisy
    ? { 'noise-bank': drawNoiseBank(options.random, bankSize) }
    : {}
  const sessions = await Promise.all(
    shares.map(({ model }, i) =>
      i > 0
        ? openWorkerSession(model, fixed)
        : openHere(model, fixed, { device, threads: count > 1 ? 1 : threads }),
    ),
  )
  return {
    run: async (batch, parameters, random) => {
      const arrays = { ...batch, ...task.draws?.draw(random, batchSize) }
      const feeds = shares.map((share) => ({
        ...rowsOf(arrays, share),
        parameters,
        ...(noisy ? { 'noise-starts': drawNoiseStarts(share.noiseSizes, random, bankSize) } : {}),
      }))
      const results = await Promise.all(sessions.map((session, i) => session.run(feeds[i])))
      return weigh(results, shares, batchSize)
    },
    close: async () => void (await Promise.all(sessions.map((session) => session.close()))),
  }
}

/** Consecutive parts for each of `count` threads, and the row each begins at. */
function shareOut(parts: readonly number[], count: number): Extent[] {
  const lengths = evenly(parts.length, count)
  return lengths.map((length, i) => {
    const first = total(lengths.slice(0, i))
    return { start: total(parts.slice(0, first)), parts: parts.slice(first, first + length) }
  })
}

type Extent = { readonly start: number; readonly parts: readonly number[] }

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

async function buildShare(
  task: TrainingTask,
  { start, parts }: Extent,
  { device, bankSize }: { readonly device: Device; readonly bankSize: number },
): Promise<Share> {
  const flat = ops.input('parameters', [parameterCount(task.parameters)])
  const parameters = unpackParameters(flat, task.parameters)
  const { noise, sizes } = bankedNoise(bankSize)
  const loss = batchLoss(task, parts, { parameters, context: { noise } })
  const pieces = gradients(loss, parameters).map((piece) =>
    ops.reshape(piece, [elementCount(piece.shape)]),
  )
  const outputs = await arrangeForDevice({ loss, gradient: ops.concat(pieces, 0) }, device)
  return {
    model: writeModel({ name: 'batch-gradient', inputs: [flat], outputs }),
    start,
    rows: total(parts),
    noiseSizes: sizes,
  }
}

async function openHere(
  model: Uint8Array,
  fixed: Readonly<Record<string, Feed>>,
  options: SessionOptions,
): Promise<WorkerSession> {
  const session = await openSession(model, options)
  return { run: (feeds) => session.run({ ...fixed, ...feeds }), close: () => session.close() }
}

function rowsOf(
  arrays: Readonly<Record<string, Tensor>>,
  { start, rows }: Share,
): Record<string, Tensor> {
  const own = Object.entries(arrays).map(
    ([name, values]) => [name, sliceRows(values, start, start + rows)] as const,
  )
  return Object.fromEntries(own)
}

/** The mean over the shares' means, weighted by their rows. */
function weigh(
  results: readonly Readonly<Record<string, Tensor>>[],
  shares: readonly Share[],
  batchSize: number,
): { readonly loss: number; readonly gradient: Tensor } {
  const sum = new Float32Array(results[0]['gradient'].data.length)
  let loss = 0
  results.forEach(
    (
      {
        gradient: { data },
        loss: {
          data: [ownLoss],
        },
      },
      i,
    ) => {
      const weight = shares[i].rows / batchSize
      loss += weight * ownLoss
      for (let k = 0; k < sum.length; k++) sum[k] += weight * data[k]
    },
  )
  return { loss, gradient: tensor([sum.length], sum) }
}
