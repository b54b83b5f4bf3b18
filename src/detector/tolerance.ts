import { adjustImages, type Adjustment } from '../images/index.ts'
import { createRandom, type Random, sliceRows, type Tensor } from '../tensor/index.ts'
import type { Tolerance } from './options.ts'

/** A copy of the held-out reference as it looks under a tolerated change. */
export type ToleratedImages = { readonly title: string; readonly pixels: Tensor }

/** Held-out images that are changed; enough for a test, cheap enough to measure many times over. */
const SAMPLE = 2000

/** Strengths between none and the tolerated one. */
const STEPS = [0.25, 0.5, 0.75, 1]

/**
 * The reference under a grid of tolerated changes: each kind alone at fixed strengths both ways, each kind and all of
 * them together at a random strength per image. A batch that looks like any of them is taken for normal.
 */
export function* toleratedImages(
  reference: Tensor,
  tolerate: Tolerance,
  seed: number,
): Generator<ToleratedImages> {
  const random = createRandom(seed)
  const pixels = sliceRows(reference, 0, Math.min(SAMPLE, reference.shape[0]))
  const quantised = isQuantised(pixels)
  for (const { title, choose } of changesFor(tolerate, random)) {
    yield { title, pixels: adjustImages(pixels, choose, { random, quantised }) }
  }
}

type Change = { readonly title: string; readonly choose: () => Adjustment }

function changesFor(tolerate: Tolerance, random: Random): Change[] {
  const kinds = Object.entries(tolerate).flatMap(([name, strength = 0]): [string, number][] =>
    strength > 0 ? [[name, strength]] : [],
  )
  const names = kinds.map(([name]) => name)
  const within = (limit: number) => limit * (2 * random.uniform() - 1)
  const draw = (name: string, limit: number): Adjustment => {
    if (name === 'noise') return { noise: limit * random.uniform() }
    if (name === 'translation') return { down: within(limit), right: within(limit) }
    return { [name]: within(limit) }
  }
  const fixed = kinds.flatMap(([name, strength]) => fixedChanges(name, strength))
  const drawn = kinds.map(([name, strength]) => ({
    title: `random ${name} up to ${strength}`,
    choose: () => draw(name, strength),
  }))
  const together = {
    title: `random ${names.join(', ')}`,
    choose: () =>
      Object.assign({}, ...kinds.map(([name, strength]) => draw(name, strength))) as Adjustment,
  }
  return kinds.length > 1 ? [...fixed, ...drawn, together] : [...fixed, ...drawn]
}

function fixedChanges(name: string, limit: number): Change[] {
  return STEPS.flatMap((step) => {
    const strength = step * limit
    const change = (adjustment: Adjustment, title: string): Change => ({
      title,
      choose: () => adjustment,
    })
    if (name === 'noise') return [change({ noise: strength }, `noise ${strength}`)]
    if (name === 'translation') {
      return [
        change({ down: strength }, `moved down by ${strength}`),
        change({ down: -strength }, `moved up by ${strength}`),
        change({ right: strength }, `moved right by ${strength}`),
        change({ right: -strength }, `moved left by ${strength}`),
      ]
    }
    return [1, -1].map((sign) => change({ [name]: sign * strength }, `${name} ${sign * strength}`))
  })
}

/** True when every value is a multiple of 1/255. */
function isQuantised({ data }: Tensor): boolean {
  return data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)
}
