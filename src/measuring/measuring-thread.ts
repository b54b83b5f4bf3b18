// A thread that measures with a copy of the models.
import { serveThread } from '../thread.ts'
import { combineRepresentations } from './combined-representation.ts'
import { autoencoderOf, loadRepresentations } from './extractor.ts'
import { pixelTransform } from './measure-pixels.ts'
import {
  type Files,
  measureAlone,
  type MeasureAnswer,
  type MeasureRequest,
} from './measuring-messages.ts'

await serveThread<Files, MeasureRequest, MeasureAnswer>(async (files) => {
  const parts = await loadRepresentations(files, { threads: 1 })
  const { transform } = pixelTransform(combineRepresentations(parts))
  const autoencoder = autoencoderOf(parts)
  return async (request) => {
    const { pixels } = request
    const measured = await measureAlone({ transform, autoencoder }, request)
    // A view of a larger array could not be handed over.
    const isWhole = measured.byteLength === measured.buffer.byteLength
    const values = isWhole ? measured : measured.slice()
    const memory = pixels.data.buffer as ArrayBuffer
    return { answer: { values, memory }, transfer: [values.buffer as ArrayBuffer, memory] }
  }
})
