import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { SentImage } from '../inbox/index.ts'
import type { ImageFacts } from '../watching/index.ts'
import { plainText } from './plain-text.ts'
import { Problem } from './problem.ts'

const numbers = z.array(z.number()).min(1).max(100_000)
const label = plainText(200).min(1)

/** What may be said of an image beside its bytes. */
export const imageFactsSchema = z.strictObject({
  /** Your own name of it: sent again under the same it is not counted twice. Default a new one. */
  predictionId: plainText(500).min(1).optional(),
  /** Camera or site: each is watched by itself too. */
  source: label.optional(),
  takenAt: z.iso.datetime({ offset: true }).optional(),
  /** The class that your model predicted. */
  prediction: label.optional(),
  probabilities: numbers.optional(),
  logits: numbers.optional(),
  embedding: numbers.optional(),
  attributes: z.record(label, plainText(1000)).optional(),
})

/** One image within JSON. */
const encodedImageSchema = imageFactsSchema.extend({
  /** The file in base64. */
  image: z.base64().min(4),
})

/** Several, or one. */
const encodedImagesSchema = z.union([
  z.strictObject({ images: z.array(encodedImageSchema).min(1).max(1000) }),
  encodedImageSchema,
])

/** What was said of an image. */
export type ImageFactsSaid = z.infer<typeof imageFactsSchema>

/** An image as the inbox takes it. */
export function sentImage(monitor: string, said: ImageFactsSaid, bytes: Uint8Array): SentImage {
  const { predictionId = randomUUID(), source = null, takenAt, ...facts } = said
  if (bytes.length === 0)
    throw new Problem(400, 'request.invalid', 'expected an image, got no bytes')
  return {
    monitor,
    predictionId,
    source,
    takenAt: takenAt === undefined ? null : new Date(takenAt).toISOString(),
    facts: JSON.stringify(facts satisfies ImageFacts),
    bytes,
  }
}

/** Images of a JSON body. */
export function readJsonImages(monitor: string, body: unknown): SentImage[] {
  const parsed = parseBody(encodedImagesSchema, body)
  const images = 'images' in parsed ? parsed.images : [parsed]
  return images.map(({ image, ...said }) => sentImage(monitor, said, Buffer.from(image, 'base64')))
}

/** Throws Problem(400) that names the field. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw invalid(result.error)
}

/** Says which field is wrong. */
function invalid(error: z.ZodError): Problem {
  const [issue] = deepest(error.issues)
  const where = issue?.path.join('.') || 'the body'
  return new Problem(400, 'request.invalid', `${where}: ${issue?.message ?? error.message}`)
}

/** Of alternatives those of the one that came furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const [issue] = issues
  if (issue?.code !== 'invalid_union') return issues
  const longest = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)
  return longest.length > 0 ? longest : issues
}
