import { BLENDED, defineImageCorruption, mapPlanes, mapValues } from './corruption.ts'

/** Every value raised by `shift`, lowered when it is negative. */
export const brightness = defineImageCorruption({
  name: 'brightness',
  title: 'Brightness shift',
  parameters: { shift: 0.5 },
  severities: [{ shift: 0.1 }, { shift: 0.2 }, { shift: 0.3 }, { shift: 0.4 }, { shift: 0.5 }],
  corrupt: (image, { shift }) => mapValues(image, (value) => value + shift),
})

/** Every value multiplied by `factor`. Severities are our own. */
export const darken = defineImageCorruption({
  name: 'darken',
  title: 'Darkening',
  parameters: { factor: 0.5 },
  severities: [
    { factor: 0.9 },
    { factor: 0.75 },
    { factor: 0.5 },
    { factor: 0.3 },
    { factor: 0.1 },
  ],
  corrupt: (image, { factor }) => mapValues(image, (value) => value * factor),
})

/** Each channel's distance from its mean multiplied by `factor`; above 1 raises the contrast. */
export const contrast = defineImageCorruption({
  name: 'contrast',
  title: 'Contrast change',
  parameters: { factor: 0.1 },
  severities: [
    { factor: 0.4 },
    { factor: 0.3 },
    { factor: 0.2 },
    { factor: 0.1 },
    { factor: 0.05 },
  ],
  corrupt: (image, { factor }) => {
    mapPlanes(image, (plane) => {
      const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length
      return plane.map((value) => (value - mean) * factor + mean)
    })
  },
})

/** Values rounded to `bits` bits. */
export const quantise = defineImageCorruption({
  name: 'quantise',
  title: 'Few grey levels',
  parameters: { bits: 1 },
  severities: [{ bits: 5 }, { bits: 4 }, { bits: 3 }, { bits: 2 }, { bits: 1 }],
  corrupt: (image, { bits }) => {
    const levels = 2 ** bits - 1
    mapValues(image, (value) => Math.round(value * levels) / levels)
  },
})

/** White from `threshold` on, black below. Severities are our own. */
export const binarise = defineImageCorruption({
  name: 'binarise',
  title: 'Black and white only',
  parameters: { threshold: 0.5 },
  severities: [
    { threshold: 0.5 },
    { threshold: 0.4 },
    { threshold: 0.3 },
    { threshold: 0.2 },
    { threshold: 0.1 },
  ],
  corrupt: (image, { threshold }) => mapValues(image, (value) => (value >= threshold ? 1 : 0)),
})

/** A blend of the image with its negative; `strength` 1 is the negative itself. Milder severities are our own. */
export const invert = defineImageCorruption({
  name: 'invert',
  title: 'Negative',
  ...BLENDED,
  corrupt: (image, { strength }) => {
    mapValues(image, (value) => value * (1 - strength) + (1 - value) * strength)
  },
})
