// A thread that reads and decodes files.
import { serveThread } from '../thread.ts'
import {
  type DecodeAnswer,
  packPictures,
  type DecodeRequest,
  unpackItems,
} from './decode-messages.ts'
import { prepareGroup } from './prepare-group.ts'

await serveThread<null, DecodeRequest, DecodeAnswer>(async () => async (request) => {
  const { form } = request
  const answer = packPictures(await prepareGroup(unpackItems(request), form), form.shape)
  return { answer, transfer: [answer.files.buffer, answer.rows.buffer] }
})
