import { defineImageCorruption, mapPlanes } from './corruption.ts'
import { rankFilter } from './spatial-filter.ts'

/** Each value becomes the smallest in a `size`×`size` window: strokes get thinner. Severities are our own. */
export const erosion = defineImageCorruption({
  name: 'erosion',
  title: 'Erosion (thinner strokes)',
  parameters: { size: 2 },
  severities: [{ size: 2 }, { size: 3 }, { size: 4 }, { size: 5 }, { size: 6 }],
  corrupt: (image, { size }) => {
    mapPlanes(image, (plane) => rankFilter(plane, image, { size, pick: 'minimum' }))
  },
})

/** Each value becomes the largest in a `size`×`size` window: strokes get thicker. Severities are our own. */
export const dilation = defineImageCorruption({
  name: 'dilation',
  title: 'Dilation (thicker strokes)',
  parameters: { size: 2 },
  severities: [{ size: 2 }, { size: 3 }, { size: 4 }, { size: 5 }, { size: 6 }],
  corrupt: (image, { size }) => {
    mapPlanes(image, (plane) => rankFilter(plane, image, { size, pick: 'maximum' }))
  },
})
