export { type Fitter, openFitter } from './fitter.ts'
export type { FitSource } from './fitting-messages.ts'
