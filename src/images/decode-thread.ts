// A thread that reads and decodes files.
import { serveThread } from '../thread.ts'
import { type Answer, packPictures, type Request, unpackItems } from './decode-messages.ts'
import { prepareGroup } from './prepare-group.ts'

await serveThread<null, Request, Answer>(async () => async (request) => {
  const { form } = request
  const answer = packPictures(await prepareGroup(unpackItems(request), form), form.shape)
  return { answer, transfer: [answer.files.buffer, answer.rows.buffer] }
})
