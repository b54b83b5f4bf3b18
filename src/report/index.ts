export { collectReport, type ReportSources } from './collect-report.ts'
export { keptPixels, type Picture, type PixelsOf, rereadPixels } from './pixels-of.ts'
export { renderHtmlReport } from './html/html-report.ts'
export { renderRehearsalPage } from './html/rehearsal-page.ts'
export { renderTerminalRehearsal } from './terminal/rehearsal.ts'
export { renderStreamPage } from './html/stream-page.ts'
export {
  collectStreamReport,
  type ReportedEvent,
  type StreamReport,
  type ToldEvent,
} from './stream-report.ts'
export type { PictureColumn, ReportData } from './report-data.ts'
export { type JsonSafe, type ReportJson, reportJson, type ReportPicture } from './report-json.ts'
export { renderTerminalReport, type TerminalReportOptions } from './terminal/verdict.ts'
