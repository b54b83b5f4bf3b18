/** Names of the report's colours; each is a CSS variable `--name`. */
export type ColourName =
  | 'page'
  | 'surface'
  | 'sunken'
  | 'hairline'
  | 'ink'
  | 'muted'
  | 'reference'
  | 'batch'
  | 'ok'
  | 'ok-tint'
  | 'warning'
  | 'warning-tint'
  | 'drift'
  | 'drift-tint'
  | 'insufficient-data'
  | 'insufficient-data-tint'

/** Colours that say how grave something is; each has a `-tint` to stand on. */
export type Tone = 'ok' | 'warning' | 'drift' | 'insufficient-data'

/** A theme: every colour as `#rrggbb`. */
export type Palette = Readonly<Record<ColourName, string>>

/** Reference is blue and batch orange throughout: the pair every kind of colour vision tells apart. */
export const lightPalette: Palette = {
  page: '#f6f6f3',
  surface: '#ffffff',
  sunken: '#f3f3ef',
  hairline: '#e3e3dd',
  ink: '#1a1d21',
  muted: '#5c6369',
  reference: '#3b6ea5',
  batch: '#c2530f',
  ok: '#1d6f54',
  'ok-tint': '#e9f4ef',
  warning: '#8a5a00',
  'warning-tint': '#fbf2dd',
  drift: '#b23a1e',
  'drift-tint': '#fcece6',
  'insufficient-data': '#555b75',
  'insufficient-data-tint': '#eef0f6',
}

/** The same roles on a dark ground. */
export const darkPalette: Palette = {
  page: '#101214',
  surface: '#181b1f',
  sunken: '#1f2328',
  hairline: '#2d3238',
  ink: '#eceef0',
  muted: '#a0a8b0',
  reference: '#82b0e0',
  batch: '#f29a56',
  ok: '#6fcba6',
  'ok-tint': '#13211c',
  warning: '#e6b654',
  'warning-tint': '#221d12',
  drift: '#ff8f6b',
  'drift-tint': '#241815',
  'insufficient-data': '#a9b1d0',
  'insufficient-data-tint': '#1a1d28',
}

/** A colour as CSS: the page's variable, or the light colour where a picture stands alone. */
export function ink(name: ColourName): string {
  return `var(--${name}, ${lightPalette[name]})`
}
