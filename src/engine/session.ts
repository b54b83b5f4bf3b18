import type * as OnnxRuntime from 'onnxruntime-node'
import { DriftError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/index.ts'
import { silenceRuntime } from './runtime-telemetry.ts'

/** Where graphs run; all but `cpu` need a runtime build and drivers that have it. */
export type Device = 'cpu' | 'cuda' | 'coreml' | 'dml' | 'webgpu'

export type SessionOptions = {
  /** Default `cpu`. */
  readonly device?: Device | undefined
  /** Threads within one op; default all cores. */
  readonly threads?: number | undefined
}

/** A value to run a graph on: numbers, or an int64 vector. */
export type Feed = Tensor | BigInt64Array

/** A loaded model. `run` blocks its thread while the graph runs. */
export type Session = {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Feeds by input name to results by output name; `outputs` limits what is computed. */
  run(
    feeds: Readonly<Record<string, Feed>>,
    outputs?: readonly string[],
  ): Promise<Record<string, Tensor>>
  /** A second call does nothing; runs after it throw DriftError('resource.closed'). */
  close(): Promise<void>
}

/** Loads a model; throws DriftError('runtime.unavailable') when the runtime or the device is missing. */
export async function openSession(
  model: Uint8Array,
  { device = 'cpu', threads }: SessionOptions = {},
): Promise<Session> {
  const runtime = await loadRuntime()
  const session = await createSession(runtime, model, {
    device,
    threads,
  })
  let closing: Promise<void> | undefined
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, outputs = session.outputNames) => {
      if (closing !== undefined) {
        throw new DriftError('resource.closed', 'expected an open session, got one that was closed')
      }
      const values = Object.entries(feeds).map(
        ([name, feed]) => [name, toValue(runtime, feed)] as const,
      )
      const results = await session.run(Object.fromEntries(values), [...outputs])
      return Object.fromEntries(outputs.map((name) => [name, fromValue(results[name])]))
    },
    close: async () => (closing ??= session.release()),
  }
}

/** Version of the ONNX Runtime in use. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await loadRuntime()
  return env.versions.node ?? env.versions.common
}

async function loadRuntime(): Promise<typeof OnnxRuntime> {
  await silenceRuntime()
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    throw new DriftError(
      'runtime.unavailable',
      'expected the package onnxruntime-node, got none that loads here',
      {
        cause,
        hint: 'Run `npm install onnxruntime-node --onnxruntime-node-install=skip` (glibc ≥ 2.28; Alpine has no build).',
      },
    )
  }
}

async function createSession(
  runtime: typeof OnnxRuntime,
  model: Uint8Array,
  { device, threads }: { readonly device: Device; readonly threads: number | undefined },
): Promise<OnnxRuntime.InferenceSession> {
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: [device],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: { session: { set_denormal_as_zero: '1' } },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    if (device === 'cpu')
      throw new DriftError('artifact.corrupt', `the model does not load: ${message}`, { cause })
    throw new DriftError('runtime.unavailable', `device ${device} is not available: ${message}`, {
      cause,
      hint: 'Leave --device out to run on the CPU, or install the runtime that device needs.',
    })
  }
}

function toValue(runtime: typeof OnnxRuntime, feed: Feed): OnnxRuntime.Tensor {
  return feed instanceof BigInt64Array
    ? new runtime.Tensor('int64', feed, [feed.length])
    : new runtime.Tensor('float32', feed.data, feed.shape)
}

function fromValue(value: OnnxRuntime.Tensor): Tensor {
  return tensor(value.dims, value.data as Float32Array)
}
