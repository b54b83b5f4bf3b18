import { formatMoment } from '../../wording/index.ts'
import type { Happening } from './happening.ts'

/** That a monitor was put back from a backup, and what is missing of it since. */
export function restoredHappening(monitor: string, from: number, to: number): Happening {
  const [since, until] = [from, to].map((at) => formatMoment(new Date(at).toISOString()))
  const summary = `Put back from a backup: what was accepted between ${since} and ${until} is missing, unless it is sent again.`
  return { kind: 'restored', monitor, source: '', summary, findings: [], images: [], at: to }
}
