import { tensor } from '../../tensor/index.ts'
import { throughJpeg } from '../codec/encode.ts'
import { defineCorruption, defineImageCorruption, mapPlanes } from './corruption.ts'
import type { PlaneSize } from '../resample-plane.ts'

/** What JPEG at `quality` (1 to 100) leaves of the image. */
export const jpegCompression = defineCorruption({
  name: 'jpeg-compression',
  title: 'Strong JPEG compression',
  parameters: { quality: 7 },
  severities: [{ quality: 25 }, { quality: 18 }, { quality: 15 }, { quality: 10 }, { quality: 7 }],
  corrupt: async (images, { quality }) => {
    const together = 16
    for (let start = 0; start < images.count; start += together) {
      const length = Math.min(together, images.count - start)
      await Promise.all(
        Array.from({ length }, async (_, i) => {
          const { channels, height, width, data } = images.image(start + i)
          const left = await throughJpeg(tensor([channels, height, width], data), quality)
          data.set(left.data)
        }),
      )
    }
  },
})

/** Reduced to `share` of its height and width and enlarged again, in blocks. */
export const pixelate = defineImageCorruption({
  name: 'pixelate',
  title: 'Coarse pixels',
  parameters: { share: 0.4 },
  severities: [{ share: 0.6 }, { share: 0.5 }, { share: 0.4 }, { share: 0.3 }, { share: 0.25 }],
  corrupt: (image, { share }) => {
    const { height, width } = image
    const small = {
      height: Math.max(1, Math.trunc(height * share)),
      width: Math.max(1, Math.trunc(width * share)),
    }
    mapPlanes(image, (plane) => resizeBox(resizeBox(plane, image, small), small, image))
  },
})

/** Mean of the pixels whose centres fall into each target pixel, as PIL's BOX. */
function resizeBox(plane: Float32Array, from: PlaneSize, to: PlaneSize): Float32Array {
  const rows = boxes(from.height, to.height)
  const columns = boxes(from.width, to.width)
  const out = new Float32Array(to.height * to.width)
  for (const [y, [top, bottom]] of rows.entries()) {
    for (const [x, [left, right]] of columns.entries()) {
      let sum = 0
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += plane[row * from.width + column]
      }
      out[y * to.width + x] = sum / ((bottom - top) * (right - left))
    }
  }
  return out
}

function boxes(from: number, to: number): (readonly [start: number, end: number])[] {
  const scale = from / to
  const support = Math.max(scale, 1) / 2
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    return [start, Math.min(from, Math.trunc(centre + support + 0.5))]
  })
}
