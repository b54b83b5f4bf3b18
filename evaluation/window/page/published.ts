/** A figure of a paper, for comparison; never measured here. */
export type PublishedSeries = {
  readonly name: string
  readonly source: string
  /** By window size. */
  readonly power: ReadonlyMap<number, number>
  /** Standard error by window size, where single runs are known. */
  readonly standardError?: ReadonlyMap<number, number>
}

const SIZES = [10, 20, 50, 100, 200, 500, 1000, 10_000]

const series = (name: string, source: string, power: readonly number[]): PublishedSeries => ({
  name,
  source,
  power: new Map(power.map((value, i) => [SIZES[i], value])),
})

const bySize = (values: readonly number[]): ReadonlyMap<number, number> =>
  new Map(values.map((value, i) => [SIZES[i], value]))

const SCHRAB =
  'Schrab et al. 2023, MMDAgg* with Laplace kernels, means of their raw decisions on MNIST (5 runs per shift and share)'

/**
 * Means over the 30 rows of the Failing Loudly grid on MNIST, reference as large as the window, by variant of MMDAgg*
 * (Schrab et al. 2023, decisions in their repository FL-MMDAgg). The standard error is over their 5 runs: a run draws one
 * reference and uses it in all 30 rows.
 */
export const publishedMeans: readonly PublishedSeries[] = [
  {
    ...series(
      'MMDAgg* Laplace, published',
      SCHRAB,
      [0.32, 0.427, 0.587, 0.613, 0.687, 0.773, 0.84, 0.933],
    ),
    standardError: bySize([0.049, 0.076, 0.078, 0.031, 0.034, 0.024, 0.024, 0.011]),
  },
  {
    ...series(
      'MMDAgg* of twelve kernels, published',
      SCHRAB,
      [0.313, 0.413, 0.567, 0.613, 0.6933, 0.773, 0.853, 0.933],
    ),
    standardError: bySize([0.045, 0.07, 0.072, 0.031, 0.034, 0.024, 0.023, 0.011]),
  },
]

/** The best published mean at each window size, whichever method has it. */
export const bestPublishedMean: ReadonlyMap<number, number> = new Map(
  SIZES.map((size) => [size, Math.max(...publishedMeans.map(({ power }) => power.get(size) ?? 0))]),
)

/** The same by shift, mean over the three shares. */
export const publishedShifts: ReadonlyMap<string, PublishedSeries> = new Map(
  Object.entries({
    s_gn: [0, 0.07, 0.27, 0.13, 0.2, 0.4, 0.53, 0.67],
    m_gn: [0.2, 0.27, 0.47, 0.47, 0.8, 0.67, 0.73, 1],
    l_gn: [0.53, 0.53, 0.67, 0.73, 0.87, 1, 1, 1],
    s_img: [0.13, 0.27, 0.4, 0.4, 0.47, 0.67, 0.67, 0.93],
    m_img: [0.2, 0.53, 0.73, 0.73, 0.73, 0.8, 0.87, 1],
    l_img: [0.6, 0.6, 0.8, 0.73, 0.73, 0.93, 1, 1],
    adv: [0.33, 0.47, 0.73, 0.67, 0.73, 0.87, 0.87, 1],
    ko: [0.13, 0.07, 0.27, 0.27, 0.33, 0.4, 0.73, 0.73],
    'm_img+ko': [0.13, 0.47, 0.53, 1, 1, 1, 1, 1],
    'oz+m_img': [0.93, 1, 1, 1, 1, 1, 1, 1],
  }).map(([shift, power]) => [shift, series('MMDAgg*, published', SCHRAB, power)]),
)

/** Best published power on MNIST 7×7 at n = 500, by missing digits (Schrab et al. 2023, experiment 2). */
export const publishedMissingDigits: Readonly<Record<string, number>> = {
  Q1: 1,
  Q2: 1,
  Q3: 0.62,
  Q4: 0.618,
  Q5: 0.094,
}
