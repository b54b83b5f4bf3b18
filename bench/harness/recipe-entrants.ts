import type { Entrant } from './contest.ts'
import { peerCommand, THREADS, workerCommand } from './peers.ts'

/** What the recipe's workers can be timed at. */
export type RecipeTask = 'training' | 'scoring'

const TORCH_MODES = { 'pytorch-nchw': 'nchw', 'pytorch-channels-last': 'channels_last' }
const COMPILED_MODE = { 'pytorch-compile': 'compile' }
const KERAS_MODES = { 'keras-graph': 'graph', 'keras-jit': 'jit' }

/** Peers by library in training; each ratio is to the fastest of its list. */
export const RECIPE_PEERS = {
  ratioToBestEagerPyTorch: Object.keys(TORCH_MODES),
  ratioToBestPyTorch: Object.keys({ ...TORCH_MODES, ...COMPILED_MODE }),
  ratioToKeras: Object.keys(KERAS_MODES),
} as const

/** Our worker under a name of its own; all of ours take a batch size and all cores. */
export function ourEntrant(name: string, script: string, batch: number): Entrant {
  const words = ['--batch', String(batch), '--threads', String(THREADS)]
  return { name, command: workerCommand(script, words) }
}

/** PyTorch and Keras in all their modes on one task of the recipe. */
export function peerEntrants(task: RecipeTask, batch: number): Entrant[] {
  const words = ['--task', task, '--batch', String(batch), '--mode']
  const torch = Object.entries({ ...TORCH_MODES, ...COMPILED_MODE }).map(([name, mode]) => ({
    name,
    command: peerCommand('torch', 'torch_recipe.py', [...words, mode]),
  }))
  const keras = Object.entries(KERAS_MODES).map(([name, mode]) => ({
    name,
    command: peerCommand('tensorflow', 'keras_recipe.py', [...words, mode]),
  }))
  return [...torch, ...keras]
}

/** Rows of a call in which the product scores; the peers are asked for their pace in such parts too. */
const PART = 32
const inParts = (names: readonly string[]): string[] => names.map((name) => `${name}-${PART}`)
const ONNX_MODES = { 'onnxruntime-session': 'session', 'onnxruntime-shared': 'shared' }

/** Peers in scoring, in whole batches and in parts of 32 rows; each ratio is to the fastest of its list. */
export const SCORING_PEERS = {
  ratioToBestEagerPyTorch: withParts(RECIPE_PEERS.ratioToBestEagerPyTorch),
  ratioToBestPyTorch: withParts(RECIPE_PEERS.ratioToBestPyTorch),
  ratioToKeras: withParts(RECIPE_PEERS.ratioToKeras),
  ratioToOnnxRuntimeInPython: Object.keys(ONNX_MODES),
} as const

/** PyTorch and Keras in all their modes, each also in parts of 32 rows, and ONNX Runtime in Python on the model at `path`. */
export function scoringEntrants(batch: number, path: string): Entrant[] {
  const whole = peerEntrants('scoring', batch)
  const parts = whole.map(({ name, command }) => ({
    name: `${name}-${PART}`,
    command: [...command, '--part', String(PART)],
  }))
  const onnx = Object.entries(ONNX_MODES).map(([name, mode]) => {
    const words = ['--model', path, '--batch', String(batch), '--part', String(PART)]
    return {
      name,
      command: peerCommand('onnxruntime', 'onnx_scoring.py', [...words, '--mode', mode]),
    }
  })
  return [...whole, ...parts, ...onnx]
}

function withParts(names: readonly string[]): readonly string[] {
  return [...names, ...inParts(names)]
}
