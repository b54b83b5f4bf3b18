/** The entry of a process that measures. */
import { serveProcess } from '../processes/index.ts'
import { createDetectorShelf } from './detector-shelf.ts'
import { measureRequest } from './measure-request.ts'
import type { MeasureRequest } from './measuring-messages.ts'

const shelf = createDetectorShelf()

serveProcess((request: MeasureRequest) => measureRequest(request, shelf))
