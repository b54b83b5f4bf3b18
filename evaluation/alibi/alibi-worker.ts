import { openProcess } from '../harness/worker-process.ts'
import { peerScript } from '../../bench/harness/peers.ts'
import type { Pooled } from '../statistics/pairwise-distances.ts'

/** What KSDrift says of two samples; one entry per column. */
export type AlibiKolmogorovSmirnov = {
  readonly distances: readonly number[]
  readonly pValues: readonly number[]
  /** SciPy's, of the exact two-sample distribution. */
  readonly exactPValues: readonly number[]
  /** After Bonferroni, at .05. */
  readonly drifted: boolean
}

/** What MMDDrift says of two samples. */
export type AlibiMmd = {
  /** Of the kernel exp(−d² / bandwidth). */
  readonly bandwidth: number
  /** MMD². */
  readonly statistic: number
  /** The statistic above which it calls drift at .05. */
  readonly threshold: number
  /** Share of the permutations that reach the statistic; it can be 0. */
  readonly pValue: number
  readonly drifted: boolean
}

export type AlibiMmdOptions = {
  readonly permutations: number
  readonly seed: number
  /** Default: the detector's own choice. */
  readonly bandwidth?: number
}

/** alibi-detect in a process of its own. */
export type AlibiWorker = {
  readonly version: string
  kolmogorovSmirnov(samples: Pooled): Promise<AlibiKolmogorovSmirnov>
  mmd(samples: Pooled, options: AlibiMmdOptions): Promise<AlibiMmd>
  close(): Promise<void>
}

/** Starts `bench/peers/alibi_drift.py`; needs the Python environment `alibi`. */
export async function openAlibiWorker(): Promise<AlibiWorker> {
  const worker = await openProcess(peerScript('alibi', 'alibi_drift.py'))
  return {
    version: worker.description.version,
    kolmogorovSmirnov: (samples) =>
      worker.ask({ cmd: 'kolmogorov-smirnov', ...encodeSamples(samples) }),
    mmd: (samples, options) =>
      worker.ask({ cmd: 'maximum-mean-discrepancy', ...encodeSamples(samples), ...options }),
    close: worker.close,
  }
}

/** Samples as the worker reads them: base64 of little-endian float32. */
export function encodeSamples({ first, second, columnCount }: Pooled): {
  readonly reference: string
  readonly window: string
  readonly columns: number
} {
  return { reference: encodeFloats(first), window: encodeFloats(second), columns: columnCount }
}

/** Base64 of little-endian float32. */
export function encodeFloats({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
