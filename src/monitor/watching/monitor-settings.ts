import { z } from 'zod'
import { isTimeZone, PERIODS } from '../calendar/index.ts'

const DAY_MS = 24 * 3600 * 1000

/** How a monitor watches; every field has its default here. */
export const monitorSettingsSchema = z.strictObject({
  /** Images from one false alarm to the next, on average, at least: of all streams together. */
  falseAlarmEvery: z.number().min(100).default(100_000),
  /** `calibrated`: by simulation instead of proof, which takes some seconds at the start. */
  threshold: z.enum(['guaranteed', 'calibrated']).default('guaranteed'),
  seed: z.int().default(0),
  /** Counted images that are judged together as one window. */
  windowSize: z.int().min(10).max(10_000).default(500),
  /** Images that were made within one of these are judged together too; null: none are. */
  windowEvery: z.enum(PERIODS).nullable().default(null),
  /** With each such window the last so many together; null: not. */
  slidingOver: z.int().min(2).max(400).nullable().default(null),
  /** Such a window is closed so long after its end, and after the last of its images came. */
  graceMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS)
    .default(15 * 60 * 1000),
  /** Windows that drift raise alerts too, at the rate of the detector for each window. */
  alertOnWindows: z.boolean().default(false),
  /** A source that sends nothing for so long has no data; null: it may be silent. */
  noDataAfterMs: z.int().min(1000).nullable().default(DAY_MS),
  /** Where days begin and end, such as `Europe/Berlin`. */
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
    .default('UTC'),
  /** Answers of known truth that are judged together. */
  accuracyWindow: z.int().min(10).max(100_000).default(200),
  /** Of so many answers as a window has, chance of a false alarm: of all sources together. */
  accuracyLevel: z.number().gt(0).lt(0.5).default(0.01),
  /** Accuracy must not be below it; null: below that of the first answers. */
  accuracyFloor: z.number().gt(0).max(1).nullable().default(null),
  /** The first answers of known truth, of each source: what later ones are compared with. */
  accuracyBaseline: z.int().min(10).max(100_000).default(500),
  /** A detector, or the last image of its reference, is old after so many days; null: never. */
  staleAfterDays: z.number().gt(0).max(36_500).nullable().default(365),
  /** Sources that are watched by themselves at most; images of further ones are refused. */
  mostSources: z.int().min(1).max(1000).default(50),
  /**
   * `originals`: the last images stay, for reports. `thumbnails`: in their place a small picture of each. `scores`: bytes go
   * once an image is measured.
   */
  keep: z.enum(['originals', 'thumbnails', 'scores']).default('originals'),
  /** Of originals or thumbnails so many stay, the last ones. */
  keepImages: z.int().min(0).default(10_000),
  /** What is known of single images goes after so many days. */
  keepDays: z.int().min(1).max(36_500).default(30),
})

/** How a monitor watches. */
export type MonitorSettings = Readonly<z.infer<typeof monitorSettingsSchema>>
