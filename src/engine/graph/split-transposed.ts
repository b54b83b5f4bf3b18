import { type Node, rewrite } from './node.ts'
import { convolution, ConvTranspose, type TransposeAttributes } from './ops/convolution.ts'
import { concat, reshape, transpose } from './ops/movement.ts'
import { flip, slice } from './ops/slice.ts'

/** With fewer filters than a vector has lanes the transposed convolution itself is faster. */
const FEWEST_FILTERS = 16

/**
 * The same outputs with each transposed convolution of stride s written as s² ordinary ones, whose results interleave:
 * the same number of multiplications, in the kernels runtimes have made fastest.
 */
export function splitTransposed(outputs: Readonly<Record<string, Node>>): Record<string, Node> {
  const made = new Map<Node, Map<string, Node>>()
  const once: Once = (weights, key, make) => {
    const known = made.get(weights) ?? new Map<string, Node>()
    made.set(weights, known)
    const value = known.get(key) ?? make()
    known.set(key, value)
    return value
  }
  return rewrite(outputs, (node) =>
    node.op === ConvTranspose ? (split(node, once) ?? node) : node,
  )
}

/** A kernel made from `weights` once, however many convolutions use it. */
type Once = (weights: Node, key: string, make: () => Node) => Node

/** One of the convolutions a transposed convolution falls apart into, along one image axis. */
type Phase = {
  readonly firstTap: number
  readonly step: number
  readonly taps: number
  readonly before: number
  readonly after: number
}

/**
 * Output rows o ≡ phase (mod stride) of a transposed convolution read only the taps t ≡ o + padding:
 * an ordinary convolution with those taps in reverse. Undefined where it would need a crop.
 */
function phaseOf(phase: number, node: Node, axis: number): Phase | undefined {
  const { stride, padding } = node.attributes as TransposeAttributes
  const [x, weights] = node.inputs
  const firstTap = (phase + padding) % stride
  const taps = Math.ceil((weights.shape[axis] - firstTap) / stride)
  const before = taps - 1 - (phase + padding - firstTap) / stride
  const after = node.shape[axis] / stride + taps - 1 - x.shape[axis] - before
  const fits = taps > 0 && before >= 0 && after >= 0
  return fits ? { firstTap, step: stride, taps, before, after } : undefined
}

/** Fewer than `stride` where the convolution doesn't fall apart evenly. */
function phasesOf(node: Node, axis: number): Phase[] {
  const { stride } = node.attributes as TransposeAttributes
  if (node.shape[axis] % stride !== 0) return []
  return Array.from({ length: stride }, (_, phase) => phaseOf(phase, node, axis)).filter(
    (phase) => phase !== undefined,
  )
}

function split(node: Node, once: Once): Node | undefined {
  const { stride } = node.attributes as TransposeAttributes
  const [x, weights, bias] = node.inputs as [Node, Node, Node | undefined]
  const [rows, columns] = [phasesOf(node, 2), phasesOf(node, 3)]
  if (weights.shape[1] < FEWEST_FILTERS || rows.length < stride || columns.length < stride)
    return undefined
  const results = rows.map((row) =>
    columns.map((column) =>
      convolution(x, phaseKernels(weights, [row, column], once), {
        padding: [row.before, column.before, row.after, column.after],
        ...(bias === undefined ? {} : { bias }),
      }),
    ),
  )
  return interleave(results, node)
}

/** The taps of one row phase and one column phase as the kernels of an ordinary convolution. */
function phaseKernels(weights: Node, phases: readonly Phase[], once: Once): Node {
  const key = phases.map(({ firstTap, step }) => `${firstTap} by ${step}`).join()
  return once(weights, key, () => {
    const ordinary = once(weights, 'ordinary', () => transpose(flip(weights, [2, 3]), [1, 0, 2, 3]))
    const lengths = weights.shape.slice(2)
    return slice(ordinary, {
      axes: [2, 3],
      starts: phases.map(
        ({ firstTap, step, taps }, i) => lengths[i] - 1 - firstTap - step * (taps - 1),
      ),
      ends: phases.map(({ firstTap }, i) => lengths[i] - firstTap),
      steps: phases.map(({ step }) => step),
    })
  })
}

/** stride×stride maps to one of stride times the sides; with channels last, where a pixel is one piece. */
function interleave(parts: readonly (readonly Node[])[], { shape }: Node): Node {
  const stride = parts.length
  if (stride === 1) return parts[0][0]
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const lines = height / stride
  const rows = parts.map((row) => {
    const pixels = row.map((part) =>
      reshape(transpose(part, [0, 2, 3, 1]), [batch, lines, width / stride, 1, channels]),
    )
    return reshape(concat(pixels, 3), [batch, lines, 1, width, channels])
  })
  return transpose(reshape(concat(rows, 2), [batch, height, width, channels]), [0, 3, 1, 2])
}
