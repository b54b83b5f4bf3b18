import { markup } from '../../charts/index.ts'
import { formatCountOf, formatMoment } from '../../wording/index.ts'
import type { ReportData } from '../report-data.ts'
import { answersSection } from './answers-section.ts'
import { detailsSection } from './details-section.ts'
import { numbersSection } from './numbers-section.ts'
import { renderPage } from './page.ts'
import { picturesSection } from './pictures-section.ts'
import { verdictBanner } from './verdict-banner.ts'

/** A verdict as one self-contained HTML file, ≤ 2 MB whatever the batch. */
export async function renderHtmlReport(data: ReportData): Promise<string> {
  const { judgement, words, source, versions, period } = data.verdict
  const images = formatCountOf(judgement.count, 'image')
  const pictures = await picturesSection(data)
  return renderPage({
    title: `${words.label}: ${source.location}`,
    subject: markup`<b>${source.location}</b>, ${images}, against <b>${data.reference.location}</b>, checked ${formatMoment(period.judgedAt)}`,
    severity: judgement.severity,
    version: versions.pixeldrift,
    content: markup`${verdictBanner(data)}
${answersSection(words)}
${pictures}
${numbersSection(data)}
${detailsSection(data)}`,
  })
}
