import { type ColourName, darkPalette, lightPalette, type Palette } from '../../charts/index.ts'

/** The colours of both themes as CSS variables: the system's theme, unless the reader chose one. */
export function themeStyles(): string {
  const light = variables(lightPalette)
  const dark = variables(darkPalette)
  return `:root{color-scheme:light;${light}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${dark}}}
@media screen{:root[data-theme="light"]{color-scheme:light;${light}}:root[data-theme="dark"]{color-scheme:dark;${dark}}}
`
}

function variables(palette: Palette): string {
  return (Object.keys(palette) as ColourName[])
    .map((name) => `--${name}:${palette[name]}`)
    .join(';')
}
