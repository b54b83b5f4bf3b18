import type { ImageShape } from '../../src/images/index.ts'

/** Rows of numbers. */
type Plane = readonly (readonly number[])[]

/** Every image property of one C×H×W image by its definition: slow, in doubles, one list at a time. */
export function referenceProperties(
  pixels: Float32Array,
  { channels, height, width }: ImageShape,
): Record<string, number> {
  const planes = indices(channels).map((c) =>
    indices(height).map((y) =>
      Array.from(pixels.subarray((c * height + y) * width).subarray(0, width)),
    ),
  )
  const grey = transform(planes[0], (_, y, x) =>
    planes.map((plane) => plane[y][x]).reduce((before, value) => Math.fround(before + value)),
  ).map((row) => row.map((value) => Math.fround(value / channels)))
  return {
    ...tone([...pixels]),
    ...detail(grey),
    ...wavelets(grey),
    ...layout(grey),
    ...(channels > 1 ? colour(planes) : {}),
  }
}

function tone(values: readonly number[]): Record<string, number> {
  const count = values.length
  const levels = values.map((v) => Math.floor(v * 255 + 0.5))
  const histogram = indices(256).map((level) => levels.filter((l) => l === level).length)
  const ranked = levels.toSorted((a, b) => a - b)
  const quantile = (q: number): number => ranked[Math.max(1, Math.ceil(q * count)) - 1] / 255
  const share = (test: (level: number, i: number) => boolean): number =>
    levels.filter(test).length / count
  const isOff = levels.map((level, i) => Math.abs(values[i] * 255 - level) > 1e-3)
  const fine = values.map((v) => v * 65535)
  const inner = histogram.map((n, level) => (level > 0 && level < 255 ? n : 0))
  const interior = sum(inner)
  const used = histogram.filter((n) => n > 0).length
  const roughness = sum(
    inner.map((n, k) => (k % 255 > 0 ? Math.abs(inner[k - 1] - 2 * n + inner[k + 1]) : 0)),
  )
  const variance = varianceOf(values)
  const middle = mean(values)
  const third = mean(values.map((v) => (v - middle) ** 3))
  return {
    mean: middle,
    std: Math.sqrt(variance),
    skewness: variance > 1e-9 ? third / variance ** 1.5 : 0,
    minimum: quantile(0),
    'quantile-05': quantile(0.05),
    median: quantile(0.5),
    'quantile-95': quantile(0.95),
    maximum: quantile(1),
    'zero-fraction': share((level, i) => level === 0 && !isOff[i]),
    'black-fraction': share((level) => level <= 2),
    'mid-grey-fraction': share((level) => level >= 51 && level <= 204),
    'white-fraction': share((level) => level >= 250),
    'one-fraction': share((level, i) => level === 255 && !isOff[i]),
    'grey-levels': used,
    'off-grid-fraction': share((_, i) => isOff[i]),
    'off-fine-grid-fraction': share(
      (_, i) => isOff[i] && Math.abs(fine[i] - Math.round(fine[i])) > 0.05,
    ),
    'level-gaps': 1 - used / (ranked[count - 1] - ranked[0] + 1),
    'level-comb': interior > 0 ? roughness / (4 * interior) : 0,
    'odd-level-fraction': interior > 0 ? sum(inner.filter((_, k) => k % 2 === 1)) / interior : 0.5,
    'tone-entropy': -sum(histogram.map((n) => (n > 0 ? (n / count) * Math.log2(n / count) : 0))),
    'pixel-entropy': mean(values.map((v) => -xlogx(v) - xlogx(1 - v))),
  }
}

function detail(grey: Plane): Record<string, number> {
  const across = grey.map((row) => row.slice(1).map((v, x) => v - row[x]))
  const down = turn(turn(grey).map((column) => column.slice(1).map((v, y) => v - column[y])))
  const inner = transform(grey.slice(1, -1), (_, y, x) => ({ y: y + 1, x })).flatMap((row) =>
    row.slice(1, -1),
  )
  const beside = inner.map(({ y, x }) => [
    grey[y - 1][x],
    grey[y + 1][x],
    grey[y][x - 1],
    grey[y][x + 1],
  ])
  const bend = (row: readonly number[], x: number): number => row[x - 1] - 2 * row[x] + row[x + 1]
  const grain = inner.map(({ y, x }) =>
    Math.abs(bend(grey[y - 1], x) - 2 * bend(grey[y], x) + bend(grey[y + 1], x)),
  )
  const curves = inner.map(({ y, x }, i) => sum(beside[i]) - 4 * grey[y][x])
  const steps = meanSize(across.flat()) + meanSize(down.flat())
  const blocks = blockExcess(across) + blockExcess(turn(down))
  return {
    'gradient-x': meanSize(across.flat()),
    'gradient-y': meanSize(down.flat()),
    'gradient-x-rms': rootMeanSquare(across.flat()),
    'gradient-y-rms': rootMeanSquare(down.flat()),
    'flat-fraction': mean(across.flat().map((step) => Number(Math.abs(step) < 1e-6))),
    blockiness: steps > 0 ? blocks / steps : 0,
    noise: (Math.sqrt(Math.PI / 2) * mean(grain)) / 6,
    laplacian: rootMeanSquare(curves),
    'bright-spike': Math.max(0, ...inner.map(({ y, x }, i) => grey[y][x] - Math.max(...beside[i]))),
    'dark-spike': Math.max(0, ...inner.map(({ y, x }, i) => Math.min(...beside[i]) - grey[y][x])),
  }
}

/** Of lines of steps: those across the borders of blocks less those beside them. */
function blockExcess(lines: Plane): number {
  return mean(
    lines.flatMap((line) =>
      line.flatMap((step, k) =>
        k % 8 === 7 && k + 1 < line.length
          ? [Math.abs(step) - (Math.abs(line[k - 1]) + Math.abs(line[k + 1])) / 2]
          : [],
      ),
    ),
  )
}

function wavelets(grey: Plane): Record<string, number> {
  const out: Record<string, number> = {}
  let source = grey
  for (const level of [1, 2, 3]) {
    const blocks = blocksOf(source)
    const diagonal = blocks.flat().map(([a, b, c, d]) => (a - b - c + d) / 2)
    out[`wavelet-x-${level}`] = rootMeanSquare(
      blocks.flat().map(([a, b, c, d]) => (a - b + c - d) / 2),
    )
    out[`wavelet-y-${level}`] = rootMeanSquare(
      blocks.flat().map(([a, b, c, d]) => (a + b - c - d) / 2),
    )
    out[`wavelet-xy-${level}`] = rootMeanSquare(diagonal)
    if (level === 1) {
      const bins = diagonal
        .map((v) => Math.floor(Math.abs(v) * 510 + 0.5))
        .toSorted((a, b) => a - b)
      out['smooth-noise'] = mean(bins.slice(0, bins.length >> 1)) / 510
    }
    source = blocks.map((row) => row.map((block) => Math.fround(sum(block) / 2)))
  }
  return out
}

/** The four values of each 2×2 block, in reading order. */
function blocksOf(plane: Plane): number[][][] {
  return indices(plane.length >> 1).map((y) =>
    indices(plane[0].length >> 1).map((x) =>
      [plane[2 * y], plane[2 * y + 1]].flatMap((row) => row.slice(2 * x, 2 * x + 2)),
    ),
  )
}

function layout(grey: Plane): Record<string, number> {
  const [height, width] = [grey.length, grey[0].length]
  const border = grey
    .flatMap((row, y) => row.map((v, x) => ({ v, y, x })))
    .filter(({ y, x }) => y % (height - 1 || 1) === 0 || x % (width - 1 || 1) === 0)
    .map(({ v }) => v)
  const ground = Math.fround(mean(border))
  const content = transform(grey, (v) => Number(Math.abs(v - ground) > 0.1))
  const [rows, columns] = [grey, turn(grey)]
  return {
    'border-mean': mean(border),
    'border-std': Math.sqrt(varianceOf(border)),
    ...position(grey),
    ...extent(turn(content).map(sum), ['content-left', 'content-right']),
    ...extent(content.map(sum), ['content-top', 'content-bottom']),
    'asymmetry-x': meanSize(transform(grey, (v, y, x) => v - grey[y][width - 1 - x]).flat()),
    'asymmetry-y': meanSize(transform(grey, (v, y, x) => v - grey[height - 1 - y][x]).flat()),
    'row-peak': Math.max(...rows.map(mean)),
    'column-peak': Math.max(...columns.map(mean)),
    'row-line': strongestLine(rows.map(mean)),
    'column-line': strongestLine(columns.map(mean)),
    'row-minimum-std': Math.sqrt(Math.min(...rows.map(varianceOf))),
    'column-minimum-std': Math.sqrt(Math.min(...columns.map(varianceOf))),
  }
}

function position(grey: Plane): Record<string, number> {
  const [height, width] = [grey.length, grey[0].length]
  const total = sum(grey.flat())
  const average = (of: (x: number, y: number) => number, otherwise: number): number =>
    total > 0 ? sum(transform(grey, (v, y, x) => v * of(x, y)).flat()) / total : otherwise
  const x = average((column) => column, (width - 1) / 2)
  const y = average((_, row) => row, (height - 1) / 2)
  const across = Math.sqrt(average((column) => (column - x) ** 2, 0))
  const down = Math.sqrt(average((_, row) => (row - y) ** 2, 0))
  const both = average((column, row) => (column - x) * (row - y), 0)
  return {
    'center-x': (x + 0.5) / width,
    'center-y': (y + 0.5) / height,
    'spread-x': across / width,
    'spread-y': down / height,
    slant: across * down > 1e-6 ? both / (across * down) : 0,
  }
}

function extent(
  found: readonly number[],
  names: readonly [string, string],
): Record<string, number> {
  const [first, last] = [found.findIndex((n) => n > 0), found.findLastIndex((n) => n > 0)]
  return {
    [names[0]]: first < 0 ? 1 : first / found.length,
    [names[1]]: (last + 1) / found.length,
  }
}

function strongestLine(profile: readonly number[]): number {
  return Math.max(
    0,
    ...profile.slice(1, -1).map((v, i) => Math.abs(v - (profile[i] + profile[i + 2]) / 2)),
  )
}

function colour(planes: readonly Plane[]): Record<string, number> {
  const count = planes.length
  const names =
    count === 3 ? ['red', 'green', 'blue'] : indices(count).map((c) => `channel-${c + 1}`)
  const flat = planes.map((plane) => plane.flat())
  const means = flat.map(mean)
  const pairs = indices(count - 1).map((c) => [c, c + 1])
  if (count === 3) pairs.push([0, 2])
  const difference = (a: number, b: number): Plane =>
    transform(planes[a], (v, y, x) => v - planes[b][y][x])
  const details = pairs.map(([a, b]) =>
    meanSize(difference(a, b).flatMap((row) => row.slice(1).map((v, x) => v - row[x]))),
  )
  const highs = flat[0].map((_, i) => Math.max(...flat.map((values) => values[i])))
  const spreads = flat[0].map((_, i) => highs[i] - Math.min(...flat.map((values) => values[i])))
  return {
    ...Object.fromEntries(
      names.flatMap((name, c) => [
        [`${name}-mean`, means[c]],
        [`${name}-std`, Math.sqrt(varianceOf(flat[c]))],
      ]),
    ),
    ...Object.fromEntries(
      pairs.map(([a, b]) => [`${names[a]}-${names[b]}-correlation`, correlation(flat[a], flat[b])]),
    ),
    'colour-detail': mean(details),
    chroma: mean(spreads),
    saturation: sum(highs) > 0 ? sum(spreads) / sum(highs) : 0,
    'colourless-fraction': mean(spreads.map((spread) => Number(spread < 0.5 / 255))),
    'colour-cast': Math.hypot(...means.map((v) => v - mean(means))),
    ...(count === 3 ? opponents(flat) : {}),
  }
}

function opponents([red, green, blue]: readonly (readonly number[])[]): Record<string, number> {
  const redGreen = red.map((v, i) => v - green[i])
  const yellowBlue = red.map((v, i) => (v + green[i]) / 2 - blue[i])
  const spread = Math.sqrt(varianceOf(redGreen) + varianceOf(yellowBlue))
  return {
    warmth: mean(red) - mean(blue),
    'green-tint': mean(green) - (mean(red) + mean(blue)) / 2,
    colourfulness: spread + 0.3 * Math.hypot(mean(redGreen), mean(yellowBlue)),
    ...hueAxis(red, green, blue),
  }
}

/** Each pixel's hue as an angle, doubled, weighted by the square of its strength. */
function hueAxis(red: readonly number[], green: readonly number[], blue: readonly number[]) {
  const pixels = red.map((r, i) => {
    const along = r - (green[i] + blue[i]) / 2
    const across = (Math.sqrt(3) / 2) * (green[i] - blue[i])
    return { angle: Math.atan2(across, along), weight: along ** 2 + across ** 2 }
  })
  const strength = mean(pixels.map(({ weight }) => weight)) + 1e-4
  const part = (of: (angle: number) => number): number =>
    mean(pixels.map(({ angle, weight }) => weight * of(2 * angle))) / strength
  return { 'hue-red-cyan': part(Math.cos), 'hue-orange-azure': part(Math.sin) }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const scale = Math.sqrt(varianceOf(a) * varianceOf(b))
  const covariance = mean(a.map((v, i) => (v - mean(a)) * (b[i] - mean(b))))
  return scale > 1e-9 ? covariance / scale : 0
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k)
}

function transform<T>(plane: Plane, of: (v: number, y: number, x: number) => T): T[][] {
  return plane.map((row, y) => row.map((v, x) => of(v, y, x)))
}

function turn(plane: Plane): number[][] {
  return indices(plane[0]?.length ?? 0).map((x) => plane.map((row) => row[x]))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? sum(values) / values.length : 0
}

function meanSize(values: readonly number[]): number {
  return mean(values.map((value) => Math.abs(value)))
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)))
}

function varianceOf(values: readonly number[]): number {
  const middle = mean(values)
  return mean(values.map((value) => (value - middle) ** 2))
}

function xlogx(value: number): number {
  return value > 0 ? value * Math.log(value) : 0
}
