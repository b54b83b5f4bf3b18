/** What is at the other end of channels. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** What keeps all that comes, and can be told to fail. */
export type End = {
  readonly url: string
  /** Texts, in the order in which they came. */
  readonly came: readonly string[]
  readonly close: () => Promise<void>
}

/** An HTTP endpoint that answers with a status. */
export async function openEndpoint(): Promise<
  End & {
    readonly headers: readonly IncomingHttpHeaders[]
    readonly answer: (status: number) => void
  }
> {
  const came: string[] = []
  const headers: IncomingHttpHeaders[] = []
  let status = 204
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      headers.push(request.headers)
      came.push(await text(request))
      response.writeHead(status, status === 307 ? { location: 'http://127.0.0.1:1/' } : {}).end()
    }
    void take()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    came,
    headers,
    answer: (next) => void (status = next),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

/** A mail server; each mail as its subject and text. */
export async function openMailbox(): Promise<
  End & { readonly ids: readonly string[]; readonly fail: (isFailing: boolean) => void }
> {
  const came: string[] = []
  const ids: string[] = []
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
        ids.push(/^Message-ID: (.*)$/im.exec(mail)?.[1] ?? '')
        came.push(readMail(mail))
        done()
      }
      void take()
    },
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    came,
    ids,
    fail: (failing) => void (isFailing = failing),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

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
