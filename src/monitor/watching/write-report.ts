import type { Detector } from '../../detector/index.ts'
import { encodedImages } from '../../images/index.ts'
import { scoreImages } from '../../judging/index.ts'
import {
  collectReport,
  keptPixels,
  type Picture,
  renderHtmlReport,
  rereadPixels,
} from '../../report/index.ts'
import { rowsOf } from './judge-window.ts'
import type { ReportRequest } from './watching-messages.ts'

/** The page of a verdict, with those pictures that are kept still. */
export async function writeReport(
  detector: Detector,
  { verdict, images, pictures }: Omit<ReportRequest, 'kind' | 'detector'>,
): Promise<string> {
  const data = await collectReport(detector, verdict, {
    scores: scoreImages(detector.baseline, rowsOf(detector, images)),
    pixelsOf: keptPixels(await picturesByNumber(detector, pictures)),
  })
  return renderHtmlReport(data)
}

async function picturesByNumber(
  detector: Detector,
  pictures: ReportRequest['pictures'],
): Promise<ReadonlyMap<number, Picture>> {
  if (pictures.length === 0) return new Map()
  const source = encodedImages(pictures.map(({ record, bytes }) => ({ record, encoded: bytes })))
  const found = await rereadPixels(detector, source)(pictures.map((_, place) => place))
  return new Map([...found].map(([place, picture]) => [pictures[place].number, picture]))
}
