import { createRandom, tensor } from '../tensor/index.ts'
import { lowerToBlocked } from './graph/blocked/lower.ts'
import { type Node, ops, splitTransposed } from './graph/index.ts'
import { writeModel } from './onnx/index.ts'
import { type Device, openSession } from './session.ts'

/** The same outputs, arranged so that they run fast on `device`: for sessions opened here, not for files to share. */
export async function arrangeForDevice(
  outputs: Readonly<Record<string, Node>>,
  device: Device = 'cpu',
): Promise<Readonly<Record<string, Node>>> {
  const block = device === 'cpu' ? await cpuBlock() : undefined
  return block === undefined ? outputs : lowerToBlocked(splitTransposed(outputs), block)
}

/** Channels per block that runtimes are known to use: AVX-512 and Arm, then the rest. */
const KNOWN_BLOCKS = [16, 8]

let found: Promise<number | undefined> | undefined

/** Channels per block of the CPU's layout here; undefined where the runtime has none. Found out once a process. */
async function cpuBlock(): Promise<number | undefined> {
  found ??= findBlock()
  return found
}

async function findBlock(): Promise<number | undefined> {
  for (const block of KNOWN_BLOCKS) if (await givesSameNumbers(block)) return block
  return undefined
}

/** The layout is the runtime's own affair, so it is tried out: a wrong guess gives other numbers, or none. */
async function givesSameNumbers(block: number): Promise<boolean> {
  const shape = [1, 32, 5, 5]
  const kernels = ops.input('kernels', [32, 32, 3, 3])
  const plain = ops.convolution(ops.input('image', shape), kernels, { padding: 1 })
  const random = createRandom(1)
  const draw = (size: readonly number[], count: number) =>
    tensor(
      size,
      Float32Array.from({ length: count }, () => random.uniform() - 0.5),
    )
  try {
    const { blocked } = lowerToBlocked({ blocked: plain }, block)
    const session = await openSession(writeModel({ name: 'layout', outputs: { plain, blocked } }), {
      threads: 1,
    })
    const result = await session.run({
      kernels: draw(kernels.shape, 9216),
      image: draw(shape, 800),
    })
    await session.close()
    return result['plain'].data.every(
      (value, i) => Math.abs(value - result['blocked'].data[i]) < 1e-4,
    )
  } catch {
    // A runtime without these operators refuses the model; the plain graph runs everywhere.
    return false
  }
}
