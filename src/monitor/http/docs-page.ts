/** What is read of an OpenAPI document to show it. */
export type ApiDocument = {
  readonly info: { readonly title: string; readonly version: string }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>> | undefined
}

type Operation = {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>
}

type Parameter = {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: object
}

type Content = Readonly<Record<string, { readonly schema?: object }>>

/** An OpenAPI document as a page that needs nothing else: no script, no font, no other server. */
export function renderDocsPage({ info, paths = {} }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(info.title)} ${escape(info.version)}: HTTP</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(info.title)} ${escape(info.version)}</h1>
<p>The same for programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Errors have one form (RFC 9457) with a <code>code</code> and a <code>hint</code>.</p>
${operations.map(renderOperation).join('\n')}
</main>
</body>
</html>
`
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
details { border-top: 1px solid #ccc; padding: .5rem 0; }
summary { cursor: pointer; }
summary code { font-weight: 600; }
pre { background: #f4f4f4; padding: .5rem; overflow-x: auto; font-size: 14px; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } pre { background: #222; } a { color: #9cf; } }
`

type Described = { readonly path: string; readonly method: string; readonly operation: Operation }

function renderOperation({ path, method, operation }: Described): string {
  const { summary = '', description, parameters = [], requestBody, responses = {} } = operation
  const answers = Object.entries(responses).map(([status, { content }]) =>
    renderContent(`Answer ${status}`, content),
  )
  return `<details>
<summary><code>${escape(method.toUpperCase())} ${escape(path)}</code> ${escape(summary)}</summary>
${description === undefined ? '' : `<p>${escape(description)}</p>`}
${parameters.length === 0 ? '' : `<table><tr><th>Parameter</th><th>in</th><th></th></tr>${parameters.map(renderParameter).join('')}</table>`}
${renderContent('Body', requestBody?.content)}
${answers.join('\n')}
</details>`
}

function renderParameter({ name, in: where, required = false, schema = {} }: Parameter): string {
  const what = `${required ? 'needed, ' : ''}${JSON.stringify(schema)}`
  return `<tr><td><code>${escape(name)}</code></td><td>${escape(where)}</td><td><code>${escape(what)}</code></td></tr>`
}

function renderContent(title: string, content: Content = {}): string {
  return Object.entries(content)
    .map(([type, { schema = {} }]) => {
      const text = JSON.stringify(schema, null, 1)
      return `<h3>${escape(title)}: ${escape(type)}</h3><pre>${escape(text)}</pre>`
    })
    .join('\n')
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
