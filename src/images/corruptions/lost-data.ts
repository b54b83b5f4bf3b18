import type { Random } from '../../tensor/index.ts'
import { defineCorruption, defineImageCorruption, type WritableImage } from './corruption.ts'

/** A frame that arrives empty: black, blended in by `strength`. Severities of this family are our own. */
export const blank = defineImageCorruption({
  name: 'blank',
  title: 'Blank frame',
  parameters: { strength: 1 },
  severities: [
    { strength: 0.5 },
    { strength: 0.75 },
    { strength: 0.9 },
    { strength: 0.97 },
    { strength: 1 },
  ],
  corrupt: ({ data }, { strength }) => {
    for (let i = 0; i < data.length; i++) data[i] *= 1 - strength
  },
})

/** The lower `share` of the rows lost (black). */
export const halfFrame = defineImageCorruption({
  name: 'half-frame',
  title: 'Lower part of the frame lost',
  parameters: { share: 0.5 },
  severities: [{ share: 0.1 }, { share: 0.2 }, { share: 0.3 }, { share: 0.4 }, { share: 0.5 }],
  corrupt: (image, { share }) => {
    const top = Math.round(image.height * (1 - share))
    fillBox(image, { top, left: 0, height: image.height - top, width: image.width, value: 0 })
  },
})

/** Every pixel the same `value`. */
export const constantFrame = defineImageCorruption({
  name: 'constant-frame',
  title: 'Constant frame',
  parameters: { value: 0.5 },
  severities: [{ value: 0.1 }, { value: 0.25 }, { value: 0.5 }, { value: 0.75 }, { value: 1 }],
  corrupt: ({ data }, { value }) => {
    data.fill(value)
  },
})

/** A camera that hangs: every image is a copy of one of them, drawn at random, blended in by `strength`. */
export const frozenFrame = defineCorruption({
  name: 'frozen-frame',
  title: 'Frozen frame',
  parameters: { strength: 1 },
  severities: [
    { strength: 0.25 },
    { strength: 0.5 },
    { strength: 0.75 },
    { strength: 0.9 },
    { strength: 1 },
  ],
  corrupt: (images, { strength }, random) => {
    if (images.count === 0) return
    const frozen = images.image(random.integer(images.count)).data.slice()
    for (let index = 0; index < images.count; index++) {
      const { data } = images.image(index)
      for (let i = 0; i < data.length; i++) {
        data[i] = data[i] * (1 - strength) + frozen[i] * strength
      }
    }
  },
})

/** A defective sensor: the same `count` pixels stand at `value` in every image. */
export const stuckPixels = defineCorruption({
  name: 'stuck-pixels',
  title: 'Stuck pixels',
  parameters: { count: 1, value: 1 },
  severities: [
    { count: 1, value: 1 },
    { count: 2, value: 1 },
    { count: 4, value: 1 },
    { count: 8, value: 1 },
    { count: 16, value: 1 },
  ],
  corrupt: (images, { count, value }, random) => {
    if (images.count === 0) return
    const { height, width } = images.image(0)
    const places = random.sample(height * width, Math.min(count, height * width))
    for (let index = 0; index < images.count; index++) {
      for (const place of places) {
        const [top, left] = [Math.floor(place / width), place % width]
        fillBox(images.image(index), { top, left, height: 1, width: 1, value })
      }
    }
  },
})

/** A defective sensor: the same `count` rows stand at `value` in every image. */
export const stuckRow = defineCorruption({
  name: 'stuck-row',
  title: 'Stuck rows',
  parameters: { count: 1, value: 1 },
  severities: [
    { count: 1, value: 0 },
    { count: 1, value: 1 },
    { count: 2, value: 1 },
    { count: 3, value: 1 },
    { count: 4, value: 1 },
  ],
  corrupt: (images, { count, value }, random) => {
    if (images.count === 0) return
    const { height, width } = images.image(0)
    const rows = random.sample(height, Math.min(count, height))
    for (let index = 0; index < images.count; index++) {
      for (const top of rows) {
        fillBox(images.image(index), { top, left: 0, height: 1, width, value })
      }
    }
  },
})

/** Something before the lens: a black rectangle of `share` of the height and width, anywhere. */
export const occlusion = defineImageCorruption({
  name: 'occlusion',
  title: 'Something before the lens',
  parameters: { share: 0.4 },
  severities: [{ share: 0.15 }, { share: 0.25 }, { share: 0.4 }, { share: 0.5 }, { share: 0.6 }],
  corrupt: (image, { share }, random) => {
    const height = Math.max(1, Math.round(image.height * share))
    const width = Math.max(1, Math.round(image.width * share))
    const top = offset(image.height - height, random)
    const left = offset(image.width - width, random)
    fillBox(image, { top, left, height, width, value: 0 })
  },
})

function offset(room: number, random: Random): number {
  return random.integer(Math.max(0, room) + 1)
}

function fillBox(
  { channels, height, width, data }: WritableImage,
  box: { top: number; left: number; height: number; width: number; value: number },
): void {
  for (let channel = 0; channel < channels; channel++) {
    for (let y = box.top; y < Math.min(height, box.top + box.height); y++) {
      const start = (channel * height + y) * width
      data.fill(box.value, start + box.left, start + Math.min(width, box.left + box.width))
    }
  }
}
