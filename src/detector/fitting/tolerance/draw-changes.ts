import type { Adjustment, Resampling } from '../../../images/index.ts'
import type { Random } from '../../../tensor/index.ts'
import type { Tolerance } from '../../settings/settings.ts'

/** A change inside a tolerance, and its strengths (in units of the limits) and tool in numbers. */
export type DrawnChange = {
  readonly adjustment: Adjustment
  readonly description: readonly number[]
  /** The tool alone: ones and zeros. */
  readonly tool: readonly number[]
}

/** All changes inside a tolerance, by all the tools a user may have. */
export type ChangeSpace = {
  readonly kinds: readonly Kind[]
  readonly limits: Tolerance
  /** Whether images under no change are 8-bit. */
  readonly quantised: boolean
  /** Pixels. */
  readonly height: number
  readonly width: number
}

/** Kinds of change, in the order of their coordinates. */
type Kind = keyof Tolerance

const INTERPOLATIONS = ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const
const BORDERS = ['nearest', 'black', 'mirror'] as const

/** How changes are made: what no strength says. */
type Tool = {
  readonly resampling: Resampling
  /** Brightness as a gain instead of an offset; contrast about the image's mean instead of mid-grey. */
  readonly relative: { readonly [kind in Kind]?: boolean }
  readonly rounded: boolean
}

/** Copies drawn reach beyond the limit, so that neighbours of the limit lie on both its sides. */
const REACH = 1.1

/** Tools that round as the reference is rounded are the usual ones. */
const OTHERWISE_ROUNDED = 0.25

const ALL_TOGETHER = 0.4

/** Share of copies near all limits at once: a corner has little room, but a batch may lie there. */
const AT_ALL_LIMITS = 0.2

/** The space of changes up to these limits; a limit of 0 is none. */
export function changeSpace(
  limits: Tolerance,
  images: Pick<ChangeSpace, 'quantised' | 'height' | 'width'>,
): ChangeSpace {
  const kinds = (Object.keys(limits) as Kind[]).filter((kind) => (limits[kind] ?? 0) > 0)
  return { kinds, limits, ...images }
}

/** One random change, up to a little beyond the limits. */
export function drawChange(space: ChangeSpace, random: Random): DrawnChange {
  const tool = drawTool(space, random)
  if (random.uniform() < AT_ALL_LIMITS) {
    return makeChange(
      space,
      tool,
      drawCorner(space, random, 2 - REACH + 2 * (REACH - 1) * random.uniform()),
    )
  }
  return makeChange(space, tool, drawStrengths(space, random, REACH))
}

/** Changes so slight that whether they are rounded matters most. */
const SLIGHT = 0.05

/**
 * Changes of all images alike, by every tool: at random inside the limits, at all limits at once, or slight. Each comes
 * twice, one after the other: as it is, and rounded otherwise.
 */
export function drawProbes(space: ChangeSpace, random: Random): DrawnChange[] {
  const inside = () => drawStrengths(space, random, 1)
  const corner = () => drawCorner(space, random, 1)
  const slight = () => drawStrengths(space, random, SLIGHT)
  return [inside, corner, slight, inside, corner, inside, corner, slight].flatMap((draw) =>
    INTERPOLATIONS.flatMap((interpolation) => {
      const drawn = drawTool(space, random)
      const strengths = draw()
      const resampling = { ...drawn.resampling, interpolation }
      return [space.quantised, !space.quantised].map((rounded) =>
        makeChange(space, { ...drawn, resampling, rounded }, strengths),
      )
    }),
  )
}

function drawCorner({ kinds }: ChangeSpace, random: Random, reach: number): Strengths {
  const end = (kind: Kind): number => (kind === 'noise' || random.uniform() < 0.5 ? reach : -reach)
  return Object.fromEntries(
    kinds.map((kind) => [kind, kind === 'translation' ? [end(kind), end(kind)] : [end(kind)]]),
  )
}

function drawTool({ kinds, quantised }: ChangeSpace, random: Random): Tool {
  return {
    resampling: {
      interpolation: INTERPOLATIONS[random.integer(INTERPOLATIONS.length)],
      border: BORDERS[random.integer(BORDERS.length)],
    },
    relative: Object.fromEntries(kinds.map((kind) => [kind, random.uniform() < 0.5])),
    rounded: random.uniform() < OTHERWISE_ROUNDED ? !quantised : quantised,
  }
}

/** Strengths in units of the limits; a kind may have two, and none where it does not act. */
type Strengths = { readonly [kind in Kind]?: readonly number[] }

function drawStrengths({ kinds }: ChangeSpace, random: Random, reach: number): Strengths {
  const active = drawActive(kinds, random)
  return Object.fromEntries(
    [...active].map((kind) => {
      const strength = () => drawStrength(random, kind === 'noise', reach)
      return [kind, kind === 'translation' ? [strength(), strength()] : [strength()]]
    }),
  )
}

/** Which kinds change an image: all, or any of them. */
function drawActive(kinds: readonly Kind[], random: Random): ReadonlySet<Kind> {
  if (kinds.length === 1 || random.uniform() < ALL_TOGETHER) return new Set(kinds)
  const some = kinds.filter(() => random.uniform() < 0.5)
  return new Set(some.length > 0 ? some : [kinds[random.integer(kinds.length)]])
}

/** The arcsine law is dense near the limits, which a mixture can't reach from both sides. */
function drawStrength(random: Random, oneSided: boolean, reach: number): number {
  const share = oneSided ? random.uniform() : 2 * random.uniform() - 1
  return reach * Math.sin((Math.PI / 2) * share)
}

function makeChange(space: ChangeSpace, tool: Tool, strengths: Strengths): DrawnChange {
  const { kinds, limits } = space
  const description: number[] = []
  const made: number[] = []
  const parts: Adjustment[] = [{ rounded: tool.rounded }]
  for (const kind of kinds) {
    const own = strengths[kind]
    const [first = 0, second = 0] = own ?? []
    // What a border leaves black grows with a move either way.
    description.push(first, Math.abs(first))
    if (kind === 'translation') description.push(second, Math.abs(second))
    if (kinds.length > 1) description.push(own === undefined ? 0 : 1)
    const relative = tool.relative[kind] === true
    if (kind === 'brightness' || kind === 'contrast') made.push(relative ? 1 : 0)
    const limit = limits[kind] ?? 0
    parts.push(adjust(kind, [limit * first, limit * second], relative))
  }
  if (kinds.includes('rotation') || kinds.includes('translation')) {
    const { interpolation, border } = tool.resampling
    parts.push({ resampling: tool.resampling })
    for (const one of BORDERS) made.push(one === border ? 1 : 0)
    for (const one of INTERPOLATIONS) made.push(one === interpolation ? 1 : 0)
  }
  if (kinds.includes('translation')) description.push(...wholePeriods(space, strengths))
  made.push(tool.rounded ? 1 : 0)
  const adjustment = Object.assign({}, ...parts) as Adjustment
  return { adjustment, description: [...description, ...made], tool: made }
}

/** Fine filters see a move by its remainder: interpolation by that of whole pixels, wavelets by that of pairs. */
const PERIODS = [1, 2]

/**
 * How near a move down and to the right is to a whole period, from 1 to −1 halfway between. A move by whole pixels leaves
 * the texture as it is, one by half a pixel blurs it most. A turn brings all remainders into one image: the mean over it.
 */
function wholePeriods({ limits, height, width }: ChangeSpace, strengths: Strengths): number[] {
  const [down = 0, right = 0] = strengths.translation ?? []
  const limit = limits.translation ?? 0
  const turned = (Math.PI / 180) * (limits.rotation ?? 0) * (strengths.rotation?.[0] ?? 0)
  const moves = [
    { pixels: limit * down * height, spread: turned * width },
    { pixels: limit * right * width, spread: turned * height },
  ]
  return PERIODS.flatMap((period) =>
    moves.map(
      ({ pixels, spread }) => Math.cos((2 * Math.PI * pixels) / period) * sinc(spread / period),
    ),
  )
}

/** sin πx / πx. */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function adjust(
  kind: Kind,
  [first, second]: readonly [number, number],
  relative: boolean,
): Adjustment {
  switch (kind) {
    case 'translation':
      return { down: first, right: second }
    case 'brightness':
      return relative ? { gain: first } : { brightness: first }
    case 'contrast':
      return { contrast: first, ...(relative && { pivot: 'mean' as const }) }
    case 'rotation':
    case 'noise':
      return { [kind]: first }
  }
}
