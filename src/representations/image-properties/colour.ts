import type { FeatureColumn } from '../representation.ts'
import { property } from './property.ts'

/** Statistics between the channels: casts, saturation, correlations; needs at least two channels. */
export function colourColumns(channels: number): readonly FeatureColumn[] {
  const pairs = channelPairs(channels)
  const names =
    channels === 3
      ? ['red', 'green', 'blue']
      : Array.from({ length: channels }, (_, c) => `channel-${c + 1}`)
  const words = names.map((name) => name.replace('-', ' '))
  return [
    ...names.flatMap((name, c) => [
      property(`${name}-mean`, `brightness of ${words[c]}`),
      property(`${name}-std`, `contrast of ${words[c]} (standard deviation)`),
    ]),
    ...pairs.map(([a, b]) =>
      property(
        `${names[a]}-${names[b]}-correlation`,
        `agreement of ${words[a]} and ${words[b]} (correlation)`,
      ),
    ),
    property('colour-detail', 'fine colour detail (steps of the colour differences)'),
    property('chroma', 'strength of colour (mean of largest minus smallest channel)'),
    property('saturation', 'saturation (strength of colour relative to brightness)'),
    property('colourless-fraction', 'share of pixels without colour'),
    property('colour-cast', 'colour cast (distance of the channel means from grey)'),
    ...(channels === 3
      ? [
          property('warmth', 'warmth of colour (red minus blue)'),
          property('green-tint', 'green tint (green minus the mean of red and blue)'),
          property('colourfulness', 'colourfulness (Hasler and Süsstrunk)'),
          property('hue-red-cyan', 'hues of red and cyan rather than of green and violet'),
          property('hue-orange-azure', 'hues of orange and azure rather than of green and rose'),
        ]
      : []),
  ]
}

/** Neighbouring channels, and for three the first with the last. */
function channelPairs(channels: number): readonly (readonly [number, number])[] {
  const pairs = Array.from({ length: channels - 1 }, (_, c) => [c, c + 1] as const)
  return channels === 3 ? [...pairs, [0, 2]] : pairs
}
