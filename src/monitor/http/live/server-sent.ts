import type { StoredFeedItem } from '../../store/index.ts'

/** An item as a server-sent event; JSON has no line breaks. */
export function messageOf({ id, monitor, type, data, at }: StoredFeedItem): string {
  const said = { monitor, at: new Date(at).toISOString(), ...(JSON.parse(data) as object) }
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(said)}\n\n`
}

/** Items that are kept no longer, and were not told. */
export function gapOf(first: number, last: number): string {
  return `id: ${last}\nevent: gap\ndata: ${JSON.stringify({ first, last })}\n\n`
}

/** What keeps a connection alive, and is no event. */
export function commentOf(text: string): string {
  return `: ${text}\n\n`
}
