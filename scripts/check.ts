/** Runs every check in order, goes on after a failure, and ends with `N passed, N failed`. */
import { spawn } from 'node:child_process'
import { parseArgs, stripVTControlCharacters } from 'node:util'

type Step = { readonly name: string; readonly command: readonly string[] }
type Outcome = { readonly passed: number; readonly failed: number }

const steps: readonly Step[] = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'architecture', command: ['npm', 'run', '--silent', 'architecture'] },
  { name: 'tests', command: ['npm', 'test', '--silent'] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'exports', command: ['node', 'scripts/exports.ts'] },
  { name: 'unused', command: ['knip'] },
]

const { values } = parseArgs({ options: { skip: { type: 'string', multiple: true, default: [] } } })
const unknown = values.skip.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(
    `no check is named ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}

const total = { passed: 0, failed: 0 }
for (const step of steps) {
  if (values.skip.includes(step.name)) {
    console.log(`- ${step.name}: skipped`)
    continue
  }
  const { passed, failed } = await runStep(step)
  total.passed += passed
  total.failed += failed
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

/** Shows the output of a step that failed, and of the tests always. */
async function runStep({ name, command }: Step): Promise<Outcome> {
  const started = performance.now()
  const isTests = name === 'tests'
  const { code, output } = await runCommand(command, isTests)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0 && !isTests) console.log(output.trimEnd())
  console.log(`${code === 0 ? '✓' : '✗'} ${name}: ${command.join(' ')} (${seconds} s)`)
  return (isTests ? countTests(output, code) : undefined) ?? countStep(code)
}

function runCommand(
  [file = '', ...rest]: readonly string[],
  live: boolean,
): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>()
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output += text
      if (live) process.stdout.write(text)
    })
  }
  child.on('error', reject)
  child.on('close', (code) => resolve({ code: code ?? 1, output }))
  return promise
}

/** The test runner's own closing figures; undefined when it died before printing them. */
function countTests(output: string, code: number): Outcome | undefined {
  const text = stripVTControlCharacters(output)
  const figure = (name: string): number =>
    Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  const passed = figure('pass')
  const failed = figure('fail') + figure('cancelled')
  if (Number.isNaN(passed + failed)) return undefined
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed }
}

function countStep(code: number): Outcome {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}
