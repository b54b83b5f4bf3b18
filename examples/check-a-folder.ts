/**
 * Fits a detector on one folder of images and checks another one.
 * Run: npx node examples/check-a-folder.ts training-images/ todays-images/ report.html
 * In a project of your own, import from 'pixeldrift'.
 */
import { writeFile } from 'node:fs/promises'
import {
  collectReport,
  fit,
  type ImageScore,
  openImages,
  renderHtmlReport,
  rereadPixels,
} from '../src/index.ts'

const [training, today, report] = process.argv.slice(2)
if (report === undefined) throw new Error('expected a training folder, a batch folder and a report')

const detector = await fit(await openImages(training), {
  seed: 1,
  // These many passes are enough for a first look; leave it out for the real thing.
  epochs: 5,
  // Cameras are rarely mounted the same way twice: this much is no drift.
  tolerate: { rotation: 3 },
})
await detector.save('detector.pixeldrift')

const images = await openImages(today)
const scores: ImageScore[] = []
const verdict = await detector.check(images, { onScores: (some) => scores.push(...some) })
console.log(verdict.words.summary)
for (const finding of verdict.words.findings) console.log(`- ${finding}`)

const pixelsOf = rereadPixels(detector, images)
const data = await collectReport(detector, verdict, { scores, pixelsOf })
await writeFile(report, await renderHtmlReport(data))
await detector.close()
