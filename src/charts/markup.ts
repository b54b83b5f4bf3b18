import { visibleText } from '../wording/index.ts'

/** A piece of HTML or SVG that is safe to insert as it is. */
export type Markup = { readonly markup: string }

type Fragment = Markup | string | number | null | undefined | false | readonly Fragment[]

/** Template tag for HTML and SVG: every inserted string is escaped, `Markup` and lists of it are not. */
export function markup(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = strings[0]
  values.forEach((value, i) => {
    text += fragmentText(value) + strings[i + 1]
  })
  return { markup: text }
}

/** Vouches for text that the caller made itself: a chart, a style sheet. */
export function trusted(text: string): Markup {
  return { markup: text }
}

/** Makes any text harmless in element content and quoted attributes; control characters become U+FFFD. */
export function escapeMarkup(text: string): string {
  return visibleText(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character])
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

function fragmentText(value: Fragment): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeMarkup(value)
  if (typeof value === 'number') return String(value)
  if ('markup' in value) return value.markup
  return value.map(fragmentText).join('')
}
