import { encodePng } from '../../images/index.ts'
import type { Tensor } from '../../tensor/index.ts'

type Size = readonly [height: number, width: number]

/** C×H×W in [0, 1], one or three channels, as an address that holds the picture itself. */
export async function pictureUri(image: Tensor): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(image)).toString('base64')}`
}

/** Small pictures show their pixels, large ones are smoothed. */
export function pictureClass(size: Size): 'pixelated' | 'smooth' {
  return Math.max(...size) <= 64 ? 'pixelated' : 'smooth'
}

/** Small images are enlarged by a whole factor, so that every pixel is the same square; `edge` is the longest side kept. */
export function tileStyle([height, width]: Size, edge: number): string {
  const longest = Math.max(height, width)
  const factor =
    longest <= Math.min(edge, 64) ? Math.max(1, Math.floor(98 / longest)) : 96 / longest
  return `--tile:${Math.round(width * factor)}px;--tile-height:${Math.round(height * factor)}px`
}
