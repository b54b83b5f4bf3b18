// A thread that reads and decodes files.
import { serveThread } from '../thread.ts'
import { type Answer, pack, received, type Request } from './decode-messages.ts'
import { loadItem, prepareItem, type PreparedItem } from './prepare-item.ts'

await serveThread<null, Request, Answer>(async () => async ({ items, form }) => {
  const found: PreparedItem[] = []
  let read = 0
  for (const item of items) {
    const loaded = loadItem(received(item))
    if ('encoded' in loaded) read += loaded.encoded.byteLength
    found.push(await prepareItem(loaded, form))
  }
  const { results, values } = pack(found)
  return { answer: { results, values, read }, transfer: [values] }
})
