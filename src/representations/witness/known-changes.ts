import { GRADED_CHANGES, type GradedChange, type ImageShape } from '../../images/index.ts'
import type { Random, Tensor } from '../../tensor/index.ts'

/** The changes that images of a shape can show. */
export function knownChanges({ channels }: ImageShape): readonly GradedChange[] {
  return GRADED_CHANGES.filter(({ needsColour }) => needsColour !== true || channels === 3)
}

/** Of the way from a change's weakest strength to its strongest, by logarithms: what anybody would notice lies above. */
const MILD = { from: 0.05, to: 0.65 } as const
/** Images changed by the same strength. */
const ALIKE = 50

/** The images changed by strengths drawn from mild to middling. */
export async function changeMildly(
  change: GradedChange,
  { shape, data }: Tensor,
  random: Random,
): Promise<Tensor> {
  const [rows, ...image] = shape
  const size = data.length / rows
  const out = new Float32Array(data.length)
  for (let start = 0; start < rows; start += ALIKE) {
    const end = Math.min(rows, start + ALIKE)
    const some = { shape: [end - start, ...image], data: data.subarray(start * size, end * size) }
    const changed = await change.apply(some, { strength: drawStrength(change, random), random })
    out.set(changed.data, start * size)
  }
  return { shape, data: out }
}

function drawStrength({ from, to }: GradedChange, random: Random): number {
  return from * (to / from) ** (MILD.from + (MILD.to - MILD.from) * random.uniform())
}
