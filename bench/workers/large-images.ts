/** Our worker of the topic `large-images`: one fit, its stages timed, watching its own memory. */
import { fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { createRandom, tensor, type Tensor } from '../../src/tensor/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion } from './recipe-model.ts'

type Request = { readonly images: number; readonly side: number; readonly channels: number }

/** One epoch, since every epoch takes as long. */
async function fitOnce({ images, side, channels }: Request): Promise<object> {
  const seconds: Record<string, number> = {}
  let planned = 0
  let stage = 'reading'
  let started = performance.now()
  const lap = (next: string): void => {
    seconds[stage] = (seconds[stage] ?? 0) + (performance.now() - started) / 1000
    stage = next
    started = performance.now()
  }
  const detector = await fit(arrayImages(slopes(images, [channels, side, side])), {
    workingSide: side,
    maxImages: images,
    epochs: 1,
    onPlan: ({ bytes }) => (planned = bytes),
    onProgress: (progress) => progress.stage !== stage && lap(progress.stage),
  })
  lap('done')
  await detector.close()
  return {
    seconds,
    plannedMegabytes: planned / 1e6,
    // The kernel counts in KiB; the images themselves are this worker's, not the fit's.
    peakMegabytes:
      (process.resourceUsage().maxRSS * 1024 - 4 * images * channels * side * side) / 1e6,
  }
}

/** Shades that slope another way in each image. */
function slopes(
  count: number,
  [channels, height, width]: readonly [number, number, number],
): Tensor {
  const random = createRandom(1)
  const data = new Float32Array(count * channels * height * width)
  let at = 0
  for (let plane = 0; plane < count * channels; plane++) {
    const [across, down, base] = [
      random.uniform() / width,
      random.uniform() / height,
      random.uniform() / 3,
    ]
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data[at++] = base + (across * x + down * y) / 3
  }
  return tensor([count, channels, height, width], data)
}

await serveProcess({ name: 'pixeldrift fit', version: runtimeVersion() }, { fit: fitOnce })
