import type { Entrant } from './contest.ts'
import { peerCommand, THREADS, workerCommand } from './peers.ts'

/** What the recipe's workers can be timed at. */
export type RecipeTask = 'training' | 'scoring'

const TORCH_MODES = { 'pytorch-nchw': 'nchw', 'pytorch-channels-last': 'channels_last' }
const COMPILED_MODE = { 'pytorch-compile': 'compile' }
const KERAS_MODES = { 'keras-graph': 'graph', 'keras-jit': 'jit' }

/** Peers by library; each ratio is to the fastest of its list. */
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
