import { access } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Libraries that benchmarks and studies compare with; each has its Python environment. */
export type PeerLibrary =
  | 'torch'
  | 'tensorflow'
  | 'onnxruntime'
  | 'alibi'
  | 'decoding'
  | 'ray'
  | 'spark'
  | 'seaweedfs'

const VARIABLES = {
  torch: 'PIXELDRIFT_PEER_PYTHON_TORCH',
  tensorflow: 'PIXELDRIFT_PEER_PYTHON_TENSORFLOW',
  onnxruntime: 'PIXELDRIFT_PEER_PYTHON_ONNXRUNTIME',
  alibi: 'PIXELDRIFT_PEER_PYTHON_ALIBI',
  decoding: 'PIXELDRIFT_PEER_PYTHON_DECODING',
  ray: 'PIXELDRIFT_PEER_PYTHON_RAY',
  spark: 'PIXELDRIFT_PEER_PYTHON_SPARK',
  seaweedfs: 'PIXELDRIFT_PEER_PYTHON_SEAWEEDFS',
} as const

/** Both sides get all cores. */
export const THREADS = availableParallelism()

/** Command line of a peer's script in `bench/peers`. */
export function peerCommand(
  library: PeerLibrary,
  script: string,
  words: readonly string[],
): readonly string[] {
  return [...peerScript(library, script), '--threads', String(THREADS), ...words]
}

/** Command line of a script in `bench/peers` that isn't timed and takes no options. */
export function peerScript(library: PeerLibrary, script: string): readonly string[] {
  return [pythonOf(library), peerFile(script)]
}

/** Command line of one of our workers in `bench/workers`. */
export function workerCommand(script: string, words: readonly string[] = []): readonly string[] {
  const path = fileURLToPath(new URL(`../workers/${script}`, import.meta.url))
  return [process.execPath, path, ...words]
}

/** Why the peers cannot run here; undefined when they can. */
export async function missingPeers(libraries: readonly PeerLibrary[]): Promise<string | undefined> {
  for (const library of libraries) {
    const isThere = await access(pythonOf(library)).then(
      () => true,
      () => false,
    )
    if (!isThere) {
      return `no Python for ${library}: run bench/peers/setup.sh ${library}, or name one in ${VARIABLES[library]}`
    }
  }
  return undefined
}

/** The Python of a library's environment. */
export function pythonOf(library: PeerLibrary): string {
  const made = fileURLToPath(new URL(`../../out/peers/${library}/bin/python`, import.meta.url))
  return process.env[VARIABLES[library]] ?? made
}

function peerFile(name: string): string {
  return fileURLToPath(new URL(`../peers/${name}`, import.meta.url))
}
