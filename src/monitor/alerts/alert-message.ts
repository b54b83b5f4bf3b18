import { GUARD_TITLES } from '../guards/index.ts'
import type { StoredAlert } from '../store/index.ts'

/** What became of an alert. */
export type AlertTurn = 'opened' | 'reopened' | 'reminder' | 'resolved'

/** What a channel delivers: plain data, the same at every try. */
export type AlertMessage = {
  readonly id: string
  readonly turn: AlertTurn
  readonly alert: StoredAlert
  /** ISO 8601. */
  readonly at: string
  /** The alert as a page or resource, where the service knows how it is reached. */
  readonly link: string | null
  /** Pictures of what it is about, the same way. */
  readonly pictures: readonly string[]
}

/** One line that says it all. */
export function titleOf({ turn, alert: { monitor, source, rule } }: AlertMessage): string {
  const where = source === '' ? monitor : `${monitor}, ${source}`
  return `${TURNS[turn]}: ${RULES[rule] ?? rule} (${where})`
}

const TURNS = {
  opened: 'Alert',
  reopened: 'Alert again',
  reminder: 'Still open',
  resolved: 'Resolved',
} as const

const RULES: Readonly<Record<string, string>> = {
  drift: 'images have drifted',
  dependent: 'images depend on each other, nothing is watched',
  'no-data': 'no images come',
  'stale-baseline': 'what images are compared with is old',
  ...GUARD_TITLES,
  window: 'a window of images has drifted',
  'time-window': 'the images of a period have drifted',
  'sliding-window': 'the images of some periods together have drifted',
  accuracy: 'the model is right less often',
  unreadable: 'images can’t be read',
}

/** Title, what was found and where to look, as lines of plain text. */
export function linesOf(message: AlertMessage): string[] {
  const { turn, alert, link, pictures } = message
  return [
    titleOf(message),
    '',
    alert.summary,
    ...(turn === 'reminder' ? [`Open since ${new Date(alert.openedAt).toISOString()}.`] : []),
    ...alert.findings.map((finding) => `· ${finding}`),
    ...(link === null ? [] : ['', link]),
    ...(pictures.length === 0 ? [] : ['', ...pictures]),
  ]
}
