import type { ModelDescription, ValueDescription } from '../../engine/index.ts'
import { DriftError } from '../../errors.ts'

/** The one input of a classifier; throws DriftError('config.invalid') on none or several. */
export function findInput({ inputs }: ModelDescription): ValueDescription {
  if (inputs.length === 1) return inputs[0]
  throw new DriftError(
    'config.invalid',
    `expected a classifier with one input, got ${inputs.length}: ${listValues(inputs)}`,
  )
}

/** The output of N×K scores: the named one, or the only one that can be it. */
export function findOutput({ outputs }: ModelDescription, name?: string): ValueDescription {
  if (name !== undefined) {
    const named = outputs.find((output) => output.name === name)
    if (named !== undefined) return named
    throw new DriftError(
      'config.invalid',
      `expected a classifier with an output ${name}, got ${listValues(outputs)}`,
    )
  }
  const candidates = outputs.filter(couldBeScores)
  const favourite = ['logit', 'prob', 'score'].flatMap((word) =>
    candidates.filter((output) => output.name.toLowerCase().includes(word)),
  )
  const chosen = candidates.length === 1 ? candidates[0] : favourite.at(0)
  if (chosen !== undefined) return chosen
  throw new DriftError(
    'config.invalid',
    `expected a classifier with one output of N×classes scores, got ${listValues(outputs)}`,
    {
      hint: 'Name the output that holds the logits or probabilities: --classifier-output, or the option output.',
    },
  )
}

/** Rank 2, or rank 4 with two axes of 1, or undeclared. */
function couldBeScores({ shape }: ValueDescription): boolean {
  if (shape.length === 4) return shape[2] === 1 && shape[3] === 1
  return shape.length === 2 || shape.length === 0
}

function listValues(values: readonly ValueDescription[]): string {
  return values.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join('; ') || 'none'
}
