import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type ColourName,
  darkPalette,
  lightPalette,
  type Palette,
} from '../../src/charts/palette.ts'

/** Relative luminance after WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const severities = ['ok', 'warning', 'drift', 'insufficient-data'] as const

/** Every colour of text, on every ground it stands on. */
const pairs: readonly (readonly [text: ColourName, ground: ColourName])[] = [
  ...(['page', 'surface', 'sunken'] as const).flatMap((ground) => [
    ['ink', ground] as const,
    ['muted', ground] as const,
  ]),
  ['reference', 'surface'],
  ['batch', 'surface'],
  ...severities.flatMap((severity) => [
    [severity, `${severity}-tint`] as const,
    ['ink', `${severity}-tint`] as const,
    ['muted', `${severity}-tint`] as const,
  ]),
]

const palettes: Readonly<Record<string, Palette>> = { light: lightPalette, dark: darkPalette }

describe('palette', () => {
  for (const [name, palette] of Object.entries(palettes)) {
    it(`keeps text readable on every ground (${name})`, () => {
      for (const [text, ground] of pairs) {
        const ratio = contrast(palette[text], palette[ground])
        assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`)
      }
    })
  }
})
