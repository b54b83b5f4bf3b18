import type { OptionSchema, OptionValues } from '../harness/option-schema.ts'
import { defineStudy } from '../harness/study.ts'
import { missingNotMnist } from '../data/notmnist.ts'
import { CLEAN, PROTOCOLS, type Protocol } from '../window/draws.ts'
import { GRID_NAMES, GRIDS } from '../window/grids.ts'
import type { Method } from '../window/method.ts'
import { METHODS } from '../window/methods/registry.ts'
import { runWindowCell, type WindowCell, type WindowResult } from '../window/run-cell.ts'
import { summariseWindows } from '../window/summary.ts'

/** Images drawn for one size of a row: the larger the windows, the fewer. */
const IMAGES_PER_DRAW = 150
/** Methods with a smaller budget are spared the rows with rounded pixels. */
const SMALLEST_FOR_ALL_ROWS = 0.3
/** Clean windows for every shifted one of a row. */
const CLEAN_FACTOR = 5
/** Of a reference that stays the same, a window has at most this share. */
const LARGEST_SHARE = 0.1

const schema = {
  grid: {
    kind: 'choice',
    choices: GRID_NAMES,
    default: 'fl',
    selects: true,
    description: 'which shifts',
  },
  draws: {
    kind: 'integer',
    default: 20,
    quick: 2,
    description: `windows per row and shuffle, fewer where they are larger than ${IMAGES_PER_DRAW}`,
  },
  seeds: {
    kind: 'integers',
    default: [0, 1, 2],
    quick: [0],
    description: 'one shuffle of the images, with its own models, each',
  },
  images: {
    kind: 'integer',
    default: 10_000,
    quick: 1000,
    description: 'in the reference and in the test set; five times as many are learned from',
  },
  sizes: {
    kind: 'integers',
    default: [10, 20, 50, 100, 200, 500, 1000, 10_000],
    quick: [10, 50],
    description: 'images in a window, those of them that the grid has',
  },
  methods: {
    kind: 'choices',
    choices: METHODS.map(({ name }) => name),
    default: METHODS.map(({ name }) => name),
    description: 'what is run',
  },
  protocols: {
    kind: 'choices',
    choices: PROTOCOLS,
    default: PROTOCOLS,
    description: 'reference as large as the window, or all of 10,000 images',
  },
} as const satisfies OptionSchema

type Options = OptionValues<typeof schema>

/** Power of the window test and of published methods on identical draws. */
export const study = defineStudy<typeof schema, WindowCell, WindowResult>({
  description:
    'Power and false alarms of the window test and of published methods, on the same windows.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: schema,
  resultName: ({ grid }) => `window-${grid}`,
  skipReason: async ({ grid }) => (grid === 'natural' ? missingNotMnist() : undefined),
  cells: (options) => {
    const methods = METHODS.filter(({ name }) => options.methods.includes(name))
    return options.protocols.flatMap((protocol) =>
      methods
        .filter(({ budget }) => budget[protocol] !== undefined)
        .flatMap((method) => cellsOf(options, method, protocol)),
    )
  },
  run: runWindowCell,
  summarise: (outcomes, { grid }) => summariseWindows(outcomes, grid),
})

function cellsOf(options: Options, method: Method, protocol: Protocol): WindowCell[] {
  const { grid, seeds, images } = options
  const { shifts, deltas, averages } = GRIDS[grid]
  const [counting] = Object.values(averages ?? {})
  const share = method.budget[protocol] ?? 0
  const tested = shifts.filter(
    ({ name }) => share >= SMALLEST_FOR_ALL_ROWS || (counting?.includes(name) ?? true),
  )
  const rows = [
    { shift: CLEAN.name, delta: 0 },
    ...tested.flatMap(({ name }) => deltas.map((delta) => ({ shift: name, delta }))),
  ]
  // Shuffles change fastest, so that processes begin by training the models of different ones.
  return rows.flatMap(({ shift, delta }) =>
    seeds.map((seed, index) => ({
      grid,
      method: method.name,
      revision: method.revision,
      protocol,
      shift,
      delta,
      draws: drawsOf(options, method, { protocol, index, clean: shift === CLEAN.name }),
      seed,
      images,
    })),
  )
}

type Budgeted = {
  readonly protocol: Protocol
  /** Of the shuffle. */
  readonly index: number
  readonly clean: boolean
}

function drawsOf(
  { grid, sizes, draws, images }: Options,
  { largest, budget }: Method,
  { protocol, index, clean }: Budgeted,
): WindowCell['draws'] {
  const share = budget[protocol] ?? 0
  const most = clean ? CLEAN_FACTOR * draws : draws
  const limit = Math.min(largest, protocol === 'fixed-reference' ? LARGEST_SHARE * images : images)
  return sizes
    .filter((size) => size <= limit && GRIDS[grid].sizes.includes(size))
    .flatMap((size): [number, number][] => {
      const affordable = Math.floor((share * most * IMAGES_PER_DRAW) / size)
      // What isn't affordable for each shuffle is done for the first.
      if (affordable === 0 && share < 1 && index > 0) return []
      return [[size, Math.max(1, Math.min(most, affordable))]]
    })
}
