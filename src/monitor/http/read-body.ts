import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SentImage } from '../inbox/index.ts'
import { Problem } from './problem.ts'
import {
  type ImageFactsSaid,
  imageFactsSchema,
  parseBody,
  readJsonImages,
  sentImage,
} from './read-images.ts'

/** Images of a body of any kind but an archive. */
export async function readImages(
  request: FastifyRequest,
  monitor: string,
  { mostBytes, said }: { readonly mostBytes: number; readonly said: ImageFactsSaid },
): Promise<SentImage[]> {
  if (request.isMultipart()) return readParts(request, monitor, mostBytes).catch(asProblem)
  const { body } = request
  if (Buffer.isBuffer(body)) return [sentImage(monitor, said, body)]
  return readJsonImages(monitor, body)
}

/** What the parser says of a body that is none has no status of its own. */
function asProblem(error: unknown): never {
  if (error instanceof Problem || (error as { statusCode?: number }).statusCode !== undefined) {
    throw error
  }
  const { message } = error as Error
  throw new Problem(400, 'request.invalid', `expected multipart/form-data: ${message}`)
}

/** Files in their order; a field `facts` before them is a list of what is said of each. */
async function readParts(
  request: FastifyRequest,
  monitor: string,
  mostBytes: number,
): Promise<SentImage[]> {
  let total = 0
  let facts: ImageFactsSaid[] = []
  const images: SentImage[] = []
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer()
      total += bytes.length
      if (total > mostBytes) {
        throw new Problem(413, 'request.too-large', `expected at most ${mostBytes} bytes at once`)
      }
      images.push(sentImage(monitor, facts[images.length] ?? {}, bytes))
    } else if (part.fieldname === 'facts') {
      facts = parseBody(z.array(imageFactsSchema), readJson(part.value))
    } else {
      throw new Problem(
        400,
        'request.invalid',
        `expected files and a field facts, got a field ${part.fieldname}`,
      )
    }
  }
  if (images.length === 0) throw new Problem(400, 'request.invalid', 'expected files, got none')
  return images
}

/** A field that says it is application/json comes parsed. */
function readJson(value: unknown): unknown {
  if (typeof value === 'object') return value
  try {
    return JSON.parse(value as string)
  } catch {
    throw new Problem(400, 'request.invalid', 'facts: expected JSON, got something else')
  }
}
