import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type ReportData, renderHtmlReport } from '../../src/report/index.ts'
import { hostileReportData } from '../fixtures/hostile-report-data.ts'
import { makeReportData, type Scene } from '../fixtures/report-data.ts'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const skip = existsSync(chromiumPath)
  ? false
  : `no browser at ${chromiumPath}; install chromium or set CHROMIUM_PATH`

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const severities: readonly Scene[] = ['letters', 'slight', 'digits', 'few']

type Sight = { readonly page: Page; readonly complaints: string[] }
type View = {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly bypassCSP?: boolean
}

describe('the HTML report in a browser', { skip }, () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-report-'))

  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
  })
  after(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  /** Opens a report from disk and notes every console message, error and request beyond the file. */
  async function open(data: ReportData, view: View = {}): Promise<Sight> {
    const { colorScheme = 'light', width = 1280, bypassCSP = false } = view
    const file = join(folder, 'report.html')
    writeFileSync(file, await renderHtmlReport(data))
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme,
      bypassCSP,
    })
    const complaints: string[] = []
    const url = pathToFileURL(file).href
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:'))
        complaints.push(request.url())
    })
    await page.goto(url, { waitUntil: 'load' })
    return { page, complaints }
  }

  for (const scene of severities) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`opens without complaint and passes axe (${scene}, ${colorScheme})`, async () => {
        const { page, complaints } = await open(makeReportData(scene), { colorScheme })
        assert.deepEqual(await findViolations(page), [])
        assert.deepEqual(complaints, [])
        await page.close()
      })
    }
  }

  it('passes axe and never scrolls sideways at the width of a phone', async () => {
    for (const scene of ['letters', 'unreadable'] as const) {
      const { page } = await open(makeReportData(scene), { width: 360 })
      assert.deepEqual(await findViolations(page), [])
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
      await page.close()
    }
  })

  it('shows one chart of each kind, the one that fits', async () => {
    for (const width of [1280, 360]) {
      const { page } = await open(makeReportData('letters'), { width })
      assert.equal(await page.locator('.wide svg').first().isVisible(), width === 1280)
      assert.equal(await page.locator('.narrow svg').first().isVisible(), width === 360)
      await page.close()
    }
  })

  it('loads every picture', async () => {
    const { page } = await open(makeReportData('dimmed'))
    const widths = await page.evaluate('Array.from(document.images, (image) => image.naturalWidth)')
    assert.deepEqual(
      widths,
      Array.from({ length: 72 }, () => 32),
    )
    await page.close()
  })

  it('switches the theme and back', async () => {
    const { page } = await open(makeReportData('letters'), { colorScheme: 'dark' })
    const background = async (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor')
    const button = page.getByRole('button', { name: /theme/ })
    const dark = await background()
    assert.equal(await button.textContent(), 'Light theme')
    await button.click()
    const light = await background()
    assert.notEqual(light, dark)
    assert.equal(await button.textContent(), 'Dark theme')
    assert.deepEqual(await findViolations(page), [])
    await button.click()
    assert.equal(await background(), dark)
    await page.close()
  })

  it('unfolds its details on paper and folds them again', async () => {
    const { page } = await open(makeReportData('letters'))
    const count = async (): Promise<number> => page.locator('details[open]').count()
    assert.equal(await count(), 0)
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    assert.equal(await count(), 7)
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`)
    assert.equal(await count(), 0)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    assert.equal(paper, 'rgb(255, 255, 255)')
    assert.equal(await page.locator('.theme').isVisible(), false)
    await page.close()
  })

  it('runs nothing that hides in names, even with its security policy taken away', async () => {
    const { page, complaints } = await open(hostileReportData(), { bypassCSP: true })
    const found = await page.evaluate(`({
      hacked: 'hacked' in globalThis,
      scripts: document.scripts.length,
      frames: document.querySelectorAll('iframe, object, embed, base, form, a[href]').length,
      handlers: [...document.querySelectorAll('*')].filter((one) =>
        one.getAttributeNames().some((name) => name.startsWith('on'))).length,
      wide: document.documentElement.scrollWidth,
    })`)
    assert.deepEqual(found, { hacked: false, scripts: 1, frames: 0, handlers: 0, wide: 1280 })
    assert.deepEqual(complaints, [])
    await page.close()
  })

  it('forbids scripts and requests that are not its own', async () => {
    const { page, complaints } = await open(makeReportData('few'))
    await page.evaluate(`(() => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.hacked = 1'
      const image = document.createElement('img')
      image.src = 'https://example.invalid/pixel.png'
      document.body.append(script, image)
    })()`)
    assert.equal(await page.evaluate('globalThis.hacked'), undefined)
    assert.ok(complaints.some((text) => /Content Security Policy/.test(text)))
    await page.close()
  })
})

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** Unfolds all details and lists what axe-core objects to. */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })')
  const results: AxeResults = await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  )
}
