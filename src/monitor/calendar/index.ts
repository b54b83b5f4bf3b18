export { type Calendar, isTimeZone, openCalendar, PERIODS } from './calendar.ts'
