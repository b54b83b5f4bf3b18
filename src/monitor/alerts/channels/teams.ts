import { linesOf, titleOf } from '../alert-message.ts'
import type { AlertChannel } from './channel.ts'
import { postJson, type Target } from './post-json.ts'

/** A message may have some 28 KB. */
const LONGEST = 6000

/** A workflow of Microsoft Teams, “When a Teams webhook request is received”; the message as an Adaptive Card. */
export function teamsChannel(target: Target): AlertChannel {
  return {
    send: async (message, signal) => {
      const { link } = message
      const lines = linesOf({ ...message, link: null }).slice(2)
      const card = {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        msteams: { width: 'Full' },
        body: [
          plainText(titleOf(message).slice(0, 300), { weight: 'Bolder', size: 'Medium' }),
          ...withinLongest(lines).map((line) => plainText(line)),
        ],
        actions: link === null ? [] : [{ type: 'Action.OpenUrl', title: 'Show', url: link }],
      }
      const attachments = [
        { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
      ]
      await postJson(target, JSON.stringify({ type: 'message', attachments }), { signal })
    },
  }
}

/** Runs of text know no Markdown: names of images must not become links. */
function plainText(text: string, style: object = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] }
}

/** Lines that are not empty, as far as there is room. */
function withinLongest(lines: readonly string[]): string[] {
  let room = LONGEST
  return lines.flatMap((line) => {
    const text = line.slice(0, Math.max(0, room))
    room -= text.length
    return text === '' ? [] : [text]
  })
}
