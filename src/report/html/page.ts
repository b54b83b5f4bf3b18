import { createHash } from 'node:crypto'
import { lightPalette, type Markup, markup, trusted } from '../../charts/index.ts'
import { pageScript } from './page-script.ts'
import { themeStyles } from './style-tokens.ts'
import { mediaStyles, pageStyles } from './styles.ts'

/** What a page says of itself, and what is in it. */
export type Page = {
  readonly title: string
  /** What stands beside the name of the product at the top. */
  readonly subject: Markup
  /** Colours the page by how grave it is. */
  readonly severity: 'ok' | 'warning' | 'drift' | 'insufficient-data'
  readonly content: Markup
  /** Of pixeldrift. */
  readonly version: string
}

/** One self-contained HTML file: asks the network for nothing and forbids it. */
export function renderPage({ title, subject, severity, content, version }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pixeldrift ${version}">
<title>${title} – pixeldrift</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(logo())}">
<style>${trusted(themeStyles() + pageStyles + mediaStyles)}</style>
</head>
<body class="severity-${severity}">
<div class="page">
<header class="masthead">
${trusted(logo('aria-hidden="true"'))}
<span class="brand">pixeldrift</span>
<span class="subject">${subject}</span>
<button type="button" class="theme" hidden>Theme</button>
</header>
<main>
${content}
</main>
<footer class="colophon"><p>Made by pixeldrift ${version}. This file is complete: it loads nothing and sends nothing.</p></footer>
</div>
<script>${trusted(pageScript)}</script>
</body>
</html>
`.markup
}

function contentSecurityPolicy(): string {
  const hash = createHash('sha256').update(pageScript).digest('base64')
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`
}

/** Nine pixels, two of which drift away. */
function logo(attributes = ''): string {
  const squares = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => {
      const drifts = row < 2 && column === 2
      const x = 1 + column * 7 + (drifts ? 4 - 2 * row : 0)
      const y = 5 + row * 7 - (drifts ? 3 - 1.5 * row : 0)
      const colour = drifts ? lightPalette.batch : lightPalette.reference
      return `<rect x="${x}" y="${y}" width="5.5" height="5.5" rx="1.25" fill="${colour}"/>`
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="26" height="26" viewBox="0 0 26 26" ${attributes}>${squares.join('')}</svg>`
}
