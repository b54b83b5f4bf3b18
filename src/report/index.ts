export type { PictureColumn, ReportData, TrainingHistory } from './report-data.ts'
