import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { commandChannel } from '../../../src/monitor/alerts/channels/command.ts'
import type { UndeliveredError } from '../../../src/monitor/alerts/channels/channel.ts'
import { emailChannel } from '../../../src/monitor/alerts/channels/email.ts'
import { isPrivateAddress } from '../../../src/monitor/alerts/channels/post-json.ts'
import { slackChannel } from '../../../src/monitor/alerts/channels/slack.ts'
import { webhookChannel } from '../../../src/monitor/alerts/channels/webhook.ts'
import { describeAlertChannel, MESSAGE } from '../../contracts/alert-channel.ts'
import { temporaryFolder } from '../../images/stored-images.ts'

const SECRET = `whsec_${Buffer.from('a secret of 24 bytes, ok').toString('base64')}`
const clock = () => new Date()
const never = new AbortController().signal

type Asked = { readonly headers: IncomingHttpHeaders; readonly body: string }

/** An endpoint that answers with a status. */
async function openEndpoint() {
  const asked: Asked[] = []
  let status = 204
  const server = createServer((request, response) => {
    const answerIt = async (): Promise<void> => {
      asked.push({ headers: request.headers, body: await text(request) })
      response.writeHead(status, status === 307 ? { location: 'http://127.0.0.1:1/' } : {}).end()
    }
    void answerIt()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const answer = (next: number): void => void (status = next)
  return {
    target: { url: `http://127.0.0.1:${port}/hook`, allowPrivate: true, request: fetch },
    asked,
    answer,
    fail: (isFailing: boolean) => answer(isFailing ? 503 : 204),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

describeAlertChannel('webhook', async () => {
  const { target, asked, ...endpoint } = await openEndpoint()
  return {
    ...endpoint,
    channel: webhookChannel(target, { secret: SECRET, clock }),
    arrived: async () =>
      asked.map(({ headers, body }) => ({ id: String(headers['webhook-id']), text: body })),
  }
})

describeAlertChannel('slack', async () => {
  const { target, asked, ...endpoint } = await openEndpoint()
  return {
    ...endpoint,
    channel: slackChannel(target),
    // Slack knows no ids; its text is the same at every try.
    arrived: async () => asked.map(({ body }) => ({ id: `abc123 ${body}`, text: body })),
  }
})

describeAlertChannel('email', async () => {
  const mails: { id: string; text: string }[] = []
  let isFailing = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const take = async (): Promise<void> => {
        const mail = await text(stream)
        if (isFailing) {
          done(Object.assign(new Error('try again later'), { responseCode: 451 }))
          return
        }
        mails.push({ id: /^Message-ID: (.*)$/im.exec(mail)?.[1] ?? '', text: readMail(mail) })
        done()
      }
      void take()
    },
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    channel: emailChannel({
      server: `smtp://127.0.0.1:${port}`,
      from: 'drift@example.org',
      to: ['me@example.org', 'you@example.org'],
    }),
    arrived: async () => mails,
    fail: (failing) => (isFailing = failing),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
})

/** A mail’s text, its encoding undone. */
function readMail(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const plain = /quoted-printable/i.test(head)
    ? Buffer.from(
        body
          .replaceAll(/=\r\n/g, '')
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
            String.fromCodePoint(parseInt(hex, 16)),
          ),
        'latin1',
      ).toString()
    : Buffer.from(body, 'base64').toString()
  const subject = /^Subject: ([\s\S]*?)\r\n\S/m.exec(head)?.[1] ?? ''
  return `${subject}\n${plain}`
}

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

describe('a webhook', () => {
  it('is signed as standardwebhooks.com says, so that their library takes it', async () => {
    const { target, asked, close } = await openEndpoint()
    await webhookChannel(target, { secret: SECRET, clock }).send(MESSAGE, never)
    await close()
    const [{ headers, body }] = asked
    const read = new Webhook(SECRET).verify(body, headers as Record<string, string>)
    assert.equal((read as { type: string }).type, 'alert.opened')
    assert.throws(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>))
  })

  it('is given up where it is refused or sent elsewhere, and tried again where it is too much', async () => {
    const { target, answer, close } = await openEndpoint()
    const channel = webhookChannel(target, { clock })
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
    const { target, asked, close } = await openEndpoint()
    const { port } = new URL(target.url)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001']) {
      const channel = webhookChannel(
        { ...target, url: `http://${host}:${port}/hook`, allowPrivate: false },
        { clock },
      )
      await assert.rejects(channel.send(MESSAGE, never), /own network|no address/)
    }
    await close()
    assert.deepEqual(asked, [])
    const own = ['10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.0.1', 'fe80::1', 'fd00::1']
    assert.deepEqual(own.filter(isPrivateAddress), own)
    assert.deepEqual(['8.8.8.8', '2606:4700::1111', '172.32.0.1'].filter(isPrivateAddress), [])
  })
})
