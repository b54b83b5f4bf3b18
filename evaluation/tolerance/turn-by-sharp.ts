import sharp from 'sharp'
import type { Tensor } from '../../src/tensor/index.ts'

type Plane = { readonly values: Float32Array; readonly height: number; readonly width: number }
type Offset = { readonly x: number; readonly y: number }

/** Images turned by `degrees` by another library than the product's, with an interpolation the product does not have. */
export async function turnBySharp({ shape, data }: Tensor, degrees: number): Promise<Tensor> {
  const [height, width] = shape.slice(2)
  const offset = await centringOffset({ height, width, degrees })
  const out = new Float32Array(data.length)
  const area = height * width
  for (let start = 0; start < data.length; start += area) {
    const plane = { values: data.subarray(start, start + area), height, width }
    out.set(await turnPlane(plane, degrees, offset), start)
  }
  return { shape, data: out }
}

/** The canvas grows as an image turns, and is cut at whole pixels: what keeps a spot in the middle where it is. */
async function centringOffset(of: {
  readonly height: number
  readonly width: number
  readonly degrees: number
}): Promise<Offset> {
  const { height, width, degrees } = of
  const values = Float32Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [(i % width) - (width - 1) / 2, Math.floor(i / width) - (height - 1) / 2]
    return Math.exp(-(x * x + y * y) / 8)
  })
  const turned = await turnPlane({ values, height, width }, degrees, { x: 0, y: 0 })
  let [x, y, sum] = [0, 0, 0]
  turned.forEach((value, i) => {
    x += value * ((i % width) - (width - 1) / 2)
    y += value * (Math.floor(i / width) - (height - 1) / 2)
    sum += value
  })
  return { x: -x / sum, y: -y / sum }
}

async function turnPlane(
  { values, height, width }: Plane,
  degrees: number,
  { x, y }: Offset,
): Promise<Float32Array> {
  const angle = (degrees * Math.PI) / 180
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  const bytes = Uint8Array.from(values, (value) => Math.round(255 * value))
  const { data, info } = await sharp(bytes, { raw: { width, height, channels: 1 } })
    .affine([cos, -sin, sin, cos], {
      interpolator: 'nohalo',
      background: 'black',
      odx: x,
      ody: y,
    })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const left = Math.floor((info.width - width) / 2)
  const top = Math.floor((info.height - height) / 2)
  return Float32Array.from({ length: height * width }, (_, i) => {
    const row = Math.floor(i / width) + top
    return data[(row * info.width + (i % width) + left) * info.channels] / 255
  })
}
