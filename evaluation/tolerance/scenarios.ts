import type { Tolerance } from '../../src/detector/index.ts'
import {
  type Adjustment,
  adjustImages,
  gaussianBlur,
  jpegCompression,
} from '../../src/images/index.ts'
import type { Random } from '../../src/tensor/index.ts'
import { changeBy, type Tool } from './tolerances.ts'
import { turnBySharp } from './turn-by-sharp.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'

/** Images as a user may send them. */
export type Scenario = {
  readonly name: string
  readonly change: PixelChange
}

const bicubic: Tool = { resampling: { interpolation: 'bicubic', border: 'black' } }
const nearest: Tool = {
  resampling: { interpolation: 'nearest', border: 'black' },
  isRelative: true,
}
const lanczos: Tool = {
  resampling: { interpolation: 'lanczos', border: 'mirror' },
  isRelative: true,
}

type Choose = (random: Random, row: number) => Adjustment

function adjusting(name: string, choose: Choose): Scenario {
  return {
    name,
    change: (pixels, random) =>
      adjustImages(pixels, (row) => choose(random, row), { random, quantised: true }),
  }
}

const within = (random: Random, limit: number) => (): number => limit * (2 * random.uniform() - 1)

/** Mixtures inside the limits, by several tools: no alarm more often than stated. */
export function insideScenarios(limits: Tolerance): Scenario[] {
  const all = (strength: number, tool?: Tool) => changeBy(limits, () => strength, tool)
  const scenarios = [
    adjusting('untouched', () => ({})),
    adjusting('half untouched, half at 0.8', (_, row) => (row % 2 === 0 ? {} : all(0.8))),
    adjusting('half untouched, half at the limit', (_, row) =>
      row % 2 === 0 ? {} : all(1, bicubic),
    ),
    adjusting('all at the limit', () => all(1)),
    adjusting('all at −0.6', () => all(-0.6, nearest)),
    adjusting('all at 0.37, not rounded', () => all(0.37, { ...lanczos, rounded: false })),
    adjusting('half at either limit', (_, row) => all(row % 2 === 0 ? 1 : -1, lanczos)),
    adjusting('at random to half', (random) => changeBy(limits, within(random, 0.5))),
    adjusting('at random to the limit', (random) => changeBy(limits, within(random, 1), lanczos)),
  ]
  const { rotation } = limits
  return rotation === undefined || Object.keys(limits).length > 1
    ? scenarios
    : [
        ...scenarios,
        {
          name: 'all at 0.8, turned by sharp (nohalo)',
          change: (pixels) => turnBySharp(pixels, 0.8 * rotation),
        },
      ]
}

/** A random mixture of two strengths by a random tool, inside the limits: one the search for the worst tries. */
export function randomInside(limits: Tolerance, random: Random): Scenario {
  const tool = [{}, bicubic, nearest, lanczos][random.integer(4)]
  const share = random.uniform()
  const atoms = [0, 1].map(() => {
    const strengths = new Map<string, number>()
    for (const kind of Object.keys(limits)) {
      for (const axis of [0, 1]) strengths.set(`${kind} ${axis}`, within(random, 1)())
    }
    return changeBy(limits, (kind, axis) => strengths.get(`${kind} ${axis}`) ?? 0, tool)
  })
  return adjusting('worst of a search', (own) => atoms[own.uniform() < share ? 0 : 1])
}

/** Changes beyond the limits and of other kinds: they are to be seen. */
export function outsideScenarios(limits: Tolerance): Scenario[] {
  return [
    adjusting('all at twice the limit', () => changeBy(limits, () => 2)),
    adjusting('all at −2 limits', () => changeBy(limits, () => -2, bicubic)),
    adjusting('at random to twice the limit', (random) => changeBy(limits, within(random, 2))),
    {
      name: 'blurred (σ 0.6)',
      change: corruptBy(gaussianBlur, { sigma: 0.6 }),
    },
    {
      name: 'JPEG, quality 50',
      change: corruptBy(jpegCompression, { quality: 50 }),
    },
    adjusting('darker by a quarter', () => ({ gain: -0.25 })),
    adjusting('noise of 0.03', () => ({ noise: 0.03 })),
    adjusting('contrast down by 0.3', () => ({ contrast: -0.3 })),
    adjusting('turned by 15°', () => ({ rotation: 15 })),
  ]
}
