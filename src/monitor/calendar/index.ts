export { type Calendar, isTimeZone, openCalendar, type Period, PERIODS } from './calendar.ts'
