import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { UndeliveredError } from './channel.ts'

/** How an address is asked; the global `fetch` has this form. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>

/** Where to, and whether addresses of the own network may be asked. */
export type Target = {
  readonly url: string
  readonly allowPrivate: boolean
  readonly request: Fetch
}

/** Sends JSON; throws UndeliveredError, final where the same request would be refused again. */
export async function postJson(
  { url, allowPrivate, request }: Target,
  body: string,
  {
    headers = {},
    signal,
  }: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
): Promise<void> {
  if (!allowPrivate) await requirePublic(new URL(url).hostname)
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal,
    // A redirection would lead around the look at the address.
    redirect: 'manual',
  }).catch((cause: unknown) => {
    throw new UndeliveredError(`no answer: ${reasonOf(cause)}`, { cause })
  })
  await response.body?.cancel()
  if (response.ok) return
  const { status } = response
  const isFinal =
    status >= 300 && status < 500 && status !== 408 && status !== 425 && status !== 429
  throw new UndeliveredError(`answered with ${status}`, { isFinal })
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message || message : message
}

const ownNetwork = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  ownNetwork.addSubnet(address, bits, 'ipv4')
}
for (const [address, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  ownNetwork.addSubnet(address, bits, 'ipv6')
}

/** Whether an address is one that only the own machine or network has. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const own = mapped ?? address
  return ownNetwork.check(own, isIP(own) === 6 ? 'ipv6' : 'ipv4')
}

async function requirePublic(hostname: string): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const found = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw new UndeliveredError(`no address of ${host}`, { cause })
  })
  if (!found.some(({ address }) => isPrivateAddress(address))) return
  throw new UndeliveredError(`${host} is an address of the own network`, { isFinal: true })
}
