/** Finds options that a reader of the declarations sees without a word on what they mean. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a user of the library sets, by the declaration it stands in. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'judging/policy.d.ts': ['AlarmRule', 'Thresholds'],
  'detector/settings/settings.d.ts': ['Tolerance', 'FitInput', 'CheckInput', 'RehearseInput'],
  'detector/fitting/fit.d.ts': ['FitOptions'],
  'detector/fitting/fit-progress.d.ts': ['FitWatch'],
  'detector/check.d.ts': ['CheckOptions'],
  'detector/rehearse.d.ts': ['RehearseOptions'],
  'judging/stream/stream-options.d.ts': ['StreamOptions'],
  'representations/classifier/classifier-settings.d.ts': ['ClassifierSettings'],
  'representations/classifier/preprocessing.d.ts': ['ClassifierPreprocessing'],
  'images/image-source.d.ts': ['BatchOptions'],
  'images/source-format.d.ts': ['OpenOptions', 'OpenImagesOptions'],
  'report/terminal/verdict.d.ts': ['TerminalReportOptions'],
}

/** Of these each option says its default too. */
const WITH_DEFAULTS: ReadonlySet<string> = new Set([
  'Thresholds',
  'FitInput',
  'CheckInput',
  'RehearseInput',
  'StreamOptions',
])

/** In words, each option without a comment of its own in the declarations below `dist`. */
export function findUndocumented(dist: string): string[] {
  return Object.entries(OPTIONS).flatMap(([file, names]) => {
    const text = readFileSync(join(dist, file), 'utf8')
    return names.flatMap((name) => {
      const declaration = declarationOf(text, name)
      if (declaration === undefined) return [`${file} declares no ${name}`]
      return [
        ...undocumentedIn(declaration).map(
          (option) => `${name}.${option} has no comment in ${file}`,
        ),
        ...(WITH_DEFAULTS.has(name) ? withoutDefault(declaration) : []).map(
          (option) => `${name}.${option} does not say its default in ${file}`,
        ),
      ]
    })
  })
}

/** The text of a type, up to what is declared next. */
function declarationOf(text: string, name: string): string | undefined {
  const start = text.search(new RegExp(`^export (?:declare )?(?:type|interface) ${name}\\b`, 'm'))
  if (start < 0) return undefined
  const [own] = text.slice(start + 1).split(/^(?:\/\*\*|export |declare |type )/m)
  return own
}

function undocumentedIn(declaration: string): string[] {
  const lines = declaration.split('\n')
  return lines.flatMap((line, i) => {
    const option = /^\s+(?:readonly )?(\w+)\??[:(]/.exec(line)?.[1]
    return option === undefined || lines[i - 1].trimEnd().endsWith('*/') ? [] : [option]
  })
}

/** Options whose own comment has no word of what they are when left out. */
function withoutDefault(declaration: string): string[] {
  return [
    ...declaration.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s+(?:readonly )?(\w+)\??[:(]/gs),
  ].flatMap(([, comment, option]) => (/default/i.test(comment) ? [] : [option]))
}
