import type { Detector } from '../../detector/index.ts'
import { encodedImages, encodePng, makeThumbnail } from '../../images/index.ts'
import { rereadPixels } from '../../report/index.ts'
import { DriftError } from '../../errors.ts'
import type { PictureRequest } from './watching-messages.ts'

/** A small picture of a file, or what the detector makes of it again. */
export async function makePicture(
  detector: Detector,
  { of, bytes }: Pick<PictureRequest, 'of' | 'bytes'>,
): Promise<Uint8Array> {
  if (of === 'thumbnail') return makeThumbnail(bytes, 'the image')
  const source = encodedImages([{ record: { id: 'the image' }, encoded: bytes }])
  const picture = (await rereadPixels(detector, source)([0])).get(0)
  if (picture === undefined) throw new DriftError('image.undecodable', 'the image can’t be read')
  const { shape, data } = await detector.extractor.autoencoder.reconstruct(picture.pixels)
  return encodePng({ shape: shape.slice(1), data })
}
