import { fit } from '../../detector/index.ts'
import { openImages, openSent } from '../../images/index.ts'
import type { FitAnswer, FitRequest, FitSource, FitStage, FitTask } from './fitting-messages.ts'

/** Fits one detector, and answers how far it is meanwhile; throws where it failed. */
export function createFitting(): (request: FitRequest) => Promise<FitAnswer> {
  let stage: FitStage = { stage: 'reading', done: 0, total: 0 }
  let isDone = false
  let failure: { readonly error: unknown } | undefined
  return async (request) => {
    if (request.kind === 'start') {
      runFit(request.task, (now) => (stage = now)).then(
        () => (isDone = true),
        (error: unknown) => (failure = { error }),
      )
    }
    if (failure !== undefined) throw failure.error
    return isDone ? { state: 'done' } : { state: 'running', stage }
  }
}

async function runFit(
  { source, epochs, out, pixelLimit, memoryBytes }: FitTask,
  onStage: (stage: FitStage) => void,
): Promise<void> {
  const images = await openSource(source, pixelLimit)
  const detector = await fit(images, {
    epochs,
    memoryBytes,
    onProgress: ({ stage, done, total }) => onStage({ stage, done, total }),
  })
  try {
    await detector.save(out)
  } finally {
    await detector.close()
  }
}

function openSource(source: FitSource, pixelLimit: number) {
  if ('folder' in source) return openImages(source.folder, { pixelLimit })
  const { path, kinds, column, layout } = source
  return openSent(path, kinds, { column, layout, pixelLimit })
}
