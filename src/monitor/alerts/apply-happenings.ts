import type { FeedItem, Tables } from '../store/index.ts'
import type { Happening } from '../watching/index.ts'
import { feedItemOf } from './feed-item.ts'
import { EFFECTS, openAlert, resolveAlert, type Turn } from './lifecycle.ts'
import { digest, postTurn, type Telling } from './post-turn.ts'

/** Within the transaction that stores what was found: opens and resolves alerts, and puts messages about it into the outbox. Returns what to say of alerts to those who listen live. */
export async function applyHappenings(
  tables: Tables,
  happenings: readonly Happening[],
  telling: Telling,
): Promise<FeedItem[]> {
  const items: FeedItem[] = []
  for (const happening of happenings) {
    for (const { turn, images } of await turnsOf(tables, happening)) {
      await tables.alerts.put(turn.alert)
      await postTurn(tables, { ...turn, at: turn.alert.changedAt }, { images, telling })
      items.push(feedItemOf(turn.turn, turn.alert, turn.alert.changedAt))
    }
  }
  return items
}

type Turned = { readonly turn: Turn; readonly images: readonly number[] }

async function turnsOf(tables: Tables, happening: Happening): Promise<Turned[]> {
  const { opens, resolves = [] } = EFFECTS[happening.kind]
  const { monitor, source } = happening
  const turns: (Turn | undefined)[] = []
  for (const rule of resolves) {
    const latest = await tables.alerts.latest({ monitor, source, rule })
    turns.push(resolveAlert(latest, happening))
  }
  if (opens !== undefined && !(await isSaidOfItsSource(tables, happening))) {
    const latest = await tables.alerts.latest({ monitor, source, rule: opens })
    turns.push(openAlert(latest, happening, { id: idOf(happening, opens), rule: opens }))
  }
  return turns.flatMap((turn) => (turn === undefined ? [] : [{ turn, images: happening.images }]))
}

const OF_SOURCES: ReadonlySet<string> = new Set(['drift', 'dependent', 'no-data', 'accuracy-low'])

/** Of a single source what is found of all together is found of it too. */
async function isSaidOfItsSource(
  tables: Tables,
  { monitor, source, kind }: Happening,
): Promise<boolean> {
  if (source !== '' || !OF_SOURCES.has(kind)) return false
  const streams = await tables.watching.streams(monitor)
  const [all, only] = ['', undefined].map((name) =>
    streams.find((stream) => (name === undefined ? stream.source !== '' : stream.source === name)),
  )
  return streams.length === 2 && only?.images === all?.images
}

/** Of one source and rule only one is open at a time. */
function idOf({ monitor, source, kind, at }: Happening, rule: string): string {
  return digest([monitor, source, kind, rule, at])
}
