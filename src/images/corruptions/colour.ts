import { BLENDED, defineImageCorruption } from './corruption.ts'

/** HSV saturation multiplied by `factor` and raised by `offset`; images without three channels stay as they are. */
export const saturate = defineImageCorruption({
  name: 'saturate',
  title: 'Colour saturation change',
  parameters: { factor: 20, offset: 0.2 },
  severities: [
    { factor: 0.3, offset: 0 },
    { factor: 0.1, offset: 0 },
    { factor: 2, offset: 0 },
    { factor: 5, offset: 0.1 },
    { factor: 20, offset: 0.2 },
  ],
  corrupt: ({ channels, height, width, data }, { factor, offset }) => {
    if (channels !== 3) return
    const area = height * width
    for (let i = 0; i < area; i++) {
      const value = Math.max(data[i], data[i + area], data[i + 2 * area])
      const range = value - Math.min(data[i], data[i + area], data[i + 2 * area])
      const before = value === 0 ? 0 : range / value
      const after = Math.min(1, Math.max(0, before * factor + offset))
      for (let channel = 0; channel < 3; channel++) {
        const at = i + channel * area
        // Grey has no hue; as in HSV code at large, it turns red.
        const distance = before === 0 ? (channel === 0 ? 0 : value) : (value - data[at]) / before
        data[at] = value - distance * after
      }
    }
  },
})

/** Channels in reverse order (BGR for RGB), blended in by `strength`; a single channel stays. Severities are our own. */
export const channelSwap = defineImageCorruption({
  name: 'channel-swap',
  title: 'Colour channels swapped',
  ...BLENDED,
  corrupt: ({ channels, height, width, data }, { strength }) => {
    const area = height * width
    const before = data.slice()
    for (let channel = 0; channel < channels; channel++) {
      const other = (channels - 1 - channel) * area
      for (let i = 0; i < area; i++) {
        const at = channel * area + i
        data[at] = before[at] * (1 - strength) + before[other + i] * strength
      }
    }
  },
})
