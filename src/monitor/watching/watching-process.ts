/** The entry of a process that watches and judges what was measured. */
import { createDetectorShelf } from '../measuring/index.ts'
import { serveProcess } from '../processes/index.ts'
import { judgeWindow } from './judge-window.ts'
import { type Memory, takeStep } from './take-step.ts'
import type { WatchingAnswer, WatchingRequest } from './watching-messages.ts'
import { writeReport } from './write-report.ts'

const shelf = createDetectorShelf()
const memory: Memory = new Map()

async function respond(request: WatchingRequest): Promise<WatchingAnswer> {
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
  }
}

serveProcess(respond)
