import { z } from 'zod'
import type { Clock } from '../../detector/index.ts'
import { commandChannel } from './channels/command.ts'
import type { AlertChannel } from './channels/channel.ts'
import { emailChannel } from './channels/email.ts'
import type { Fetch } from './channels/post-json.ts'
import { slackChannel } from './channels/slack.ts'
import { teamsChannel } from './channels/teams.ts'
import { webhookChannel } from './channels/webhook.ts'
import { quietHoursSchema } from './quiet-hours.ts'

const every = {
  name: z.string().min(1).max(100),
  /** What comes up in them is told when they end. */
  quietHours: quietHoursSchema.optional(),
}
const url = z.url({ protocol: /^https?$/ })

/** A channel as it is configured. */
export const channelSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), ...every, url, secret: z.string().optional() }),
  z.strictObject({ kind: z.literal('teams'), ...every, url }),
  z.strictObject({ kind: z.literal('slack'), ...every, url }),
  z.strictObject({
    kind: z.literal('email'),
    ...every,
    server: z.url({ protocol: /^smtps?$/ }),
    from: z.string().min(3),
    to: z.array(z.string().min(3)).min(1),
  }),
  z.strictObject({
    kind: z.literal('command'),
    ...every,
    command: z.tuple([z.string().min(1)], z.string()),
  }),
])

/** A channel as it is configured. */
export type ChannelSettings = Readonly<z.infer<typeof channelSettingsSchema>>

/** What channels need of the outside. */
export type ChannelPorts = {
  readonly clock: Clock
  readonly request: Fetch
  /** Of programs that are started. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Addresses of the own network may be asked. */
  readonly allowPrivate: boolean
}

/** Opens a channel. */
export function openChannel(
  settings: ChannelSettings,
  { clock, environment, ...ports }: ChannelPorts,
): AlertChannel {
  switch (settings.kind) {
    case 'webhook':
      return webhookChannel({ ...ports, url: settings.url }, { secret: settings.secret, clock })
    case 'slack':
      return slackChannel({ ...ports, url: settings.url })
    case 'teams':
      return teamsChannel({ ...ports, url: settings.url })
    case 'email':
      return emailChannel(settings)
    case 'command':
      return commandChannel(settings.command, environment)
  }
}
