import type { FastifyReply } from 'fastify'
import type { Verdict } from '../../verdict/index.ts'
import type { CountedImage } from '../store/index.ts'
import { watchedOf } from '../watching/index.ts'
import type { HttpPorts } from './http-ports.ts'

/** Sends the page of a verdict on counted images, with those pictures that are kept still. */
export async function sendReport(
  reply: FastifyReply,
  { store, judges }: HttpPorts,
  {
    detector,
    verdict: text,
    counted,
  }: {
    readonly detector: string
    readonly verdict: string
    readonly counted: readonly CountedImage[]
  },
): Promise<FastifyReply> {
  const verdict = JSON.parse(text) as Verdict
  const images = counted.map(watchedOf)
  const { mostUnusual, representative } = verdict.judgement.exemplars
  const shown = new Set([...mostUnusual, ...representative].map(({ place }) => place))
  const files = await store.images.bytesOf([...shown])
  const pictures = images.flatMap(({ number, record }) => {
    const bytes = files.get(number)
    return bytes === undefined ? [] : [{ number, record, bytes }]
  })
  const html = await judges.report({ detector, verdict, images, pictures })
  return reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    )
    .send(html)
}
