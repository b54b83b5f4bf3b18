import { createDetectorShelf } from '../measuring/index.ts'
import { scoreImages } from '../../judging/index.ts'
import { judgeWindow, rowsOf } from './judge-window.ts'
import { makePicture } from './make-picture.ts'
import { type Memory, takeStep } from './take-step.ts'
import type { WatchingAnswer, WatchingRequest } from './watching-messages.ts'
import { writeReport } from './write-report.ts'

/** Answers what a watching process is asked; it remembers detectors and streams. */
export function createResponder(): (request: WatchingRequest) => Promise<WatchingAnswer> {
  const shelf = createDetectorShelf()
  const memory: Memory = new Map()
  return async (request) => {
    const detector = await shelf.take(request.detector.id, request.detector.artifact)
    if (detector === undefined) return { needs: 'detector' }
    switch (request.kind) {
      case 'step': {
        const stepped = takeStep(detector, request, memory)
        return stepped === 'needs-streams' ? { needs: 'streams' } : { stepped }
      }
      case 'judge':
        return { verdict: await judgeWindow(detector, request) }
      case 'report':
        return { html: await writeReport(detector, request) }
      case 'picture':
        return { picture: await makePicture(detector, request) }
      case 'score':
        return { scores: scoreImages(detector.baseline, rowsOf(detector, request.images)) }
    }
  }
}
