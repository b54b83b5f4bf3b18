import { linesOf, titleOf } from '../alert-message.ts'
import type { AlertChannel } from './channel.ts'
import { postJson, type Target } from './post-json.ts'

/** Characters of one block that Slack takes. */
const LONGEST = 2900

/** An incoming webhook of Slack, or of what speaks like it (Mattermost, Rocket.Chat). */
export function slackChannel(target: Target): AlertChannel {
  return {
    send: async (message, signal) => {
      const title = escapeText(titleOf(message))
      const text = escapeText(linesOf(message).slice(2).join('\n')).slice(0, LONGEST)
      const blocks = [
        { type: 'header', text: { type: 'plain_text', text: titleOf(message).slice(0, 150) } },
        { type: 'section', text: { type: 'mrkdwn', text } },
      ]
      await postJson(target, JSON.stringify({ text: title, blocks }), { signal })
    },
  }
}

/** Names of images must not become links or mentions. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
