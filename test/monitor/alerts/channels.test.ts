import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { commandChannel } from '../../../src/monitor/alerts/channels/command.ts'
import type { UndeliveredError } from '../../../src/monitor/alerts/channels/channel.ts'
import { emailChannel } from '../../../src/monitor/alerts/channels/email.ts'
import { isPrivateAddress } from '../../../src/monitor/alerts/channels/post-json.ts'
import { slackChannel } from '../../../src/monitor/alerts/channels/slack.ts'
import { teamsChannel } from '../../../src/monitor/alerts/channels/teams.ts'
import { webhookChannel } from '../../../src/monitor/alerts/channels/webhook.ts'
import { describeAlertChannel, MESSAGE } from '../../contracts/alert-channel.ts'
import { temporaryFolder } from '../../images/stored-images.ts'
import { openEndpoint, openMailbox } from './ends.ts'

const SECRET = `whsec_${Buffer.from('a secret of 24 bytes, ok').toString('base64')}`
const clock = () => new Date()
const never = new AbortController().signal

const targetOf = (url: string) => ({ url, allowPrivate: true, request: fetch })

describeAlertChannel('webhook', async () => {
  const { url, came, headers, answer, close } = await openEndpoint()
  return {
    channel: webhookChannel(targetOf(url), { secret: SECRET, clock }),
    arrived: async () =>
      came.map((body, i) => ({ id: String(headers[i]?.['webhook-id']), text: body })),
    fail: (isFailing) => answer(isFailing ? 503 : 204),
    close,
  }
})

describeAlertChannel('slack', async () => {
  const { url, came, answer, close } = await openEndpoint()
  return {
    channel: slackChannel(targetOf(url)),
    // Slack knows no ids; its text is the same at every try.
    arrived: async () => came.map((body) => ({ id: `abc123 ${body}`, text: body })),
    fail: (isFailing) => answer(isFailing ? 503 : 204),
    close,
  }
})

describeAlertChannel('teams', async () => {
  const { url, came, answer, close } = await openEndpoint()
  return {
    channel: teamsChannel(targetOf(url)),
    // A workflow knows no ids; the card is the same at every try.
    arrived: async () => came.map((body) => ({ id: `abc123 ${body}`, text: body })),
    fail: (isFailing) => answer(isFailing ? 503 : 202),
    close,
  }
})

describeAlertChannel('email', async () => {
  const { url, came, ids, fail, close } = await openMailbox()
  return {
    channel: emailChannel({
      server: url,
      from: 'drift@example.org',
      to: ['me@example.org', 'you@example.org'],
    }),
    arrived: async () => came.map((mail, i) => ({ id: ids[i], text: mail })),
    fail,
    close,
  }
})

const READ_INPUT = `
  const { readFileSync, writeFileSync, existsSync } = require('node:fs')
  if (existsSync(process.argv[1] + '/fail')) process.exit(3)
  const { id } = JSON.parse(readFileSync(0, 'utf8'))
  writeFileSync(process.argv[1] + '/' + process.pid + '.txt', id + '|' + process.env.PIXELDRIFT_ALERT_TEXT)`

describeAlertChannel('command', async () => {
  const folder = temporaryFolder()
  return {
    channel: commandChannel([process.execPath, '--eval', READ_INPUT, folder], process.env),
    arrived: async () =>
      readdirSync(folder).map((name) => {
        const [id = '', said = ''] = readFileSync(join(folder, name), 'utf8').split('|')
        return { id, text: said }
      }),
    fail: (isFailing) => {
      if (isFailing) writeFileSync(join(folder, 'fail'), '')
      else rmSync(join(folder, 'fail'))
    },
    close: async () => {},
  }
})

describe('a card of Teams', () => {
  it('has its text where no Markdown is read, a link, and less than 28 KB whatever was found', async () => {
    const { url, came, close } = await openEndpoint()
    const finding = '[a link](https://evil.example) **bold** 🟥'
    const findings = Array.from({ length: 3000 }, () => finding)
    const message = { ...MESSAGE, alert: { ...MESSAGE.alert, findings } }
    await teamsChannel(targetOf(url)).send(message, never)
    await close()
    assert.ok(Buffer.byteLength(came[0]) < 28_000, `${Buffer.byteLength(came[0])}`)
    const { type, attachments } = JSON.parse(came[0])
    assert.equal(type, 'message')
    const [{ contentType, content }] = attachments
    assert.equal(contentType, 'application/vnd.microsoft.card.adaptive')
    assert.equal(content.type, 'AdaptiveCard')
    const kinds = new Set(content.body.map((block: { type: string }) => block.type))
    assert.deepEqual([...kinds], ['RichTextBlock'])
    assert.deepEqual(content.actions, [
      { type: 'Action.OpenUrl', title: 'Show', url: MESSAGE.link },
    ])
  })
})

describe('a webhook', () => {
  it('is signed as standardwebhooks.com says, so that their library takes it', async () => {
    const { url, came, headers: all, close } = await openEndpoint()
    await webhookChannel(targetOf(url), { secret: SECRET, clock }).send(MESSAGE, never)
    await close()
    const [[body], [headers]] = [came, all]
    const read = new Webhook(SECRET).verify(body, headers as Record<string, string>)
    assert.equal((read as { type: string }).type, 'alert.opened')
    assert.throws(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>))
  })

  it('is given up where it is refused or sent elsewhere, and tried again where it is too much', async () => {
    const { url, answer, close } = await openEndpoint()
    const channel = webhookChannel(targetOf(url), { clock })
    for (const [status, isFinal] of [
      [404, true],
      [410, true],
      [307, true],
      [429, false],
      [500, false],
    ] as const) {
      answer(status)
      await assert.rejects(channel.send(MESSAGE, never), (error: UndeliveredError) => {
        assert.equal(error.isFinal, isFinal, `${status}`)
        return true
      })
    }
    await close()
  })

  it('does not ask the own network unless it may', async () => {
    const { url, came, close } = await openEndpoint()
    const { port } = new URL(url)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001']) {
      const channel = webhookChannel(
        { ...targetOf(`http://${host}:${port}/hook`), allowPrivate: false },
        { clock },
      )
      await assert.rejects(channel.send(MESSAGE, never), /own network|no address/)
    }
    await close()
    assert.deepEqual(came, [])
    const own = ['10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.0.1', 'fe80::1', 'fd00::1']
    assert.deepEqual(own.filter(isPrivateAddress), own)
    assert.deepEqual(['8.8.8.8', '2606:4700::1111', '172.32.0.1'].filter(isPrivateAddress), [])
  })
})
