import { share } from '../harness/markdown.ts'
import type { PeerRatio } from '../stream/peer-summary.ts'
import { median as medianOf } from '../stream/median.ts'
import type { WitnessFigures } from '../witness-power/summary.ts'
import { DATA, type Evidence } from './evidence-rows.ts'

type DelayMedian = {
  readonly data: string
  readonly share: number
  readonly medianOfMeans: number
}

type PlacedDelay = {
  readonly data: string
  readonly form: string
  readonly share: number
  readonly withPlaces: { readonly found: number }
  readonly without: { readonly found: number }
}

type UnchangedPlaces = {
  readonly data: string
  readonly alarms: number
  readonly byPlaces: number
  readonly stated: number
}

type NullStreams = {
  readonly guaranteed: readonly {
    readonly images: number
    readonly threshold: number
    readonly passed: number
  }[]
  readonly calibrated: readonly { readonly stated: number; readonly imagesPerAlarm: number }[]
}

/** One image after the other. */
export const STREAMS: readonly Evidence[] = [
  {
    result: 'stream-delay',
    rows: ({ figures }) => {
      const { medians } = figures as { readonly medians: readonly DelayMedian[] }
      return [...Map.groupBy(medians, ({ data }) => data)].map(([data, own]) => ({
        claim: `images from a change to the alarm of a stream at one false alarm in 100,000 images, ${DATA[data]}, all, half, a tenth of the images changed: the median of eleven changes`,
        figure: own
          .map(({ medianOfMeans }) => String(Number(medianOfMeans.toPrecision(2))))
          .join(', '),
      }))
    },
  },
  {
    result: 'stream-places',
    rows: ({ figures }) => {
      const { delays, unchanged } = figures as {
        readonly delays: readonly PlacedDelay[]
        readonly unchanged: readonly UnchangedPlaces[]
      }
      const groups = Map.groupBy(delays, ({ data, form }) => `${data} ${form}`)
      return [
        ...[...groups.values()].map((own) => {
          const [{ data, form }] = own
          const saved = form === 'saved-again' ? ', saved again as JPEG' : ''
          const listed = (of: 'withPlaces' | 'without'): string =>
            [1, 0.5]
              .map((part) => {
                const found = own.filter((row) => row.share === part).map((row) => row[of].found)
                return share(found.reduce((sum, one) => sum + one, 0) / found.length)
              })
              .join(', ')
          return {
            claim: `streams that find one of eight slight faults at one place of the frame within 3,000 images, at one false alarm in 100,000, ${DATA[data]}${saved}, all, half of the images; without looking at places`,
            figure: `${listed('withPlaces')}; ${listed('without')}`,
          }
        }),
        {
          claim:
            'false alarms of such streams while nothing changes, where so many were stated; by places',
          figure: unchanged
            .map((row) => `${row.alarms} of ${row.stated}; ${row.byPlaces} (${DATA[row.data]})`)
            .join(', '),
        },
      ]
    },
  },
  {
    result: 'witness-power',
    rows: ({ figures }) => {
      const { rows } = figures as WitnessFigures
      return [...Map.groupBy(rows, ({ data }) => data)].map(([data, own]) => {
        const shares = [...new Set(own.map((row) => row.share))].toSorted((a, b) => b - a)
        const ratios = (of: (ratios: readonly number[]) => number): string =>
          shares
            .map((part) =>
              of(
                own
                  .filter((row) => row.share === part)
                  .map(({ delay }) => delay['not-taught'] / delay.none),
              ).toFixed(2),
            )
            .join(', ')
        return {
          claim: `images until a stream alarms with a witness that was not taught the kind of change, against none, ${DATA[data]}, all, half, a tenth of the images changed: the median family of changes; the worst`,
          figure: `${ratios((all) => medianOf(all) ?? 0)}; ${ratios((all) => Math.max(...all))}`,
        }
      })
    },
  },
  {
    result: 'stream-peers',
    rows: ({ figures }) => {
      const { ratios } = figures as { readonly ratios: readonly PeerRatio[] }
      const groups = Map.groupBy(ratios, ({ data, beside }) => `${data} ${beside}`)
      return [...groups.values()].map((own) => {
        const parts = own.filter(({ share: part }) => part !== 'any')
        const list = (of: (row: PeerRatio) => number): string =>
          parts.map((row) => String(Number(of(row).toPrecision(2)))).join(', ')
        const whole = own.find(({ share: part }) => part === 'any')
        return {
          claim: `the same at a measured rate of one in 1,000, ${DATA[own[0].data]}, beside the best of ${own[0].beside} (peers: alibi-detect’s online detectors); how much sooner than the best of each cell in the median cell`,
          figure: `${list(({ ours }) => ours)} beside ${list(({ best }) => best)}; ${whole?.medianRatioToBestOfCell.toFixed(1)}×`,
        }
      })
    },
  },
  {
    result: 'stream-false-alarms',
    rows: ({ figures }) => {
      const { guaranteed, calibrated } = figures as NullStreams
      const whole = guaranteed.filter(({ images, threshold }) => images === threshold)
      const passed = whole.map((row) => row.passed)
      return [
        {
          claim:
            'unchanged streams whose evidence passes a threshold of A within A images, where all may, over thresholds and kinds of data',
          figure: `${share(Math.min(...passed))} to ${share(Math.max(...passed))}`,
        },
        ...[...Map.groupBy(calibrated, ({ stated }) => stated)].map(([stated, own]) => {
          const every = own.map(({ imagesPerAlarm }) => imagesPerAlarm)
          return {
            claim: `images from one false alarm to the next where ${count(stated)} were asked for by simulation`,
            figure: `${count(Math.min(...every))} to ${count(Math.max(...every))}`,
          }
        }),
      ]
    },
  },
  {
    result: 'stream-states',
    rows: ({ figures }) => {
      const { rows } = figures as { readonly rows: readonly StreamStates[] }
      const sum = (of: (row: StreamStates) => number): number =>
        rows.reduce((all, row) => all + of(row), 0)
      return [
        {
          claim:
            'streams that say the right things in the right order: a ramp over 20,000 images, a burst of 20, a change that comes and goes, one that ends; digits and photographs',
          figure: `${sum(({ right }) => right)} of ${sum(({ runs }) => runs)}`,
        },
      ]
    },
  },
  {
    result: 'stream-dependence',
    rows: ({ figures }) => {
      const { rows } = figures as { readonly rows: readonly Dependence[] }
      const [free, blocked] = [true, false].map((isFree) =>
        rows.filter(({ stated }) => (stated === null) === isFree),
      )
      const sum = (of: readonly Dependence[], name: 'alarms' | 'stated'): number =>
        of.reduce((all, row) => all + (row[name] ?? 0), 0)
      return [
        {
          claim:
            'streams of images that depend on each other (sessions, day and night) that say so; alarms before it at most',
          figure: `${free.reduce((all, row) => all + row.saidDependent, 0)} of ${free.reduce((all, row) => all + row.streams, 0)}; ${Math.max(...free.map((row) => row.mostAlarmsBefore))}`,
        },
        {
          claim: 'false alarms with `--block-by`, where so many were stated',
          figure: `${sum(blocked, 'alarms')} of ${sum(blocked, 'stated')}`,
        },
      ]
    },
  },
  {
    result: 'stream-kills',
    rows: ({ figures }) => {
      const { streams } = figures as { readonly streams: readonly Killed[] }
      const equal = streams.every(
        ({ areEventsEqual, isStateEqual }) => areEventsEqual && isStateEqual,
      )
      return [
        {
          claim:
            'a stream that is killed and started again tells the same, and ends in the same state: kills',
          figure: equal ? `${streams[0].kills}` : 'not the same',
        },
      ]
    },
  },
  {
    result: 'rehearsal',
    rows: ({ figures }) => {
      const { rows } = figures as { readonly rows: readonly Rehearsed[] }
      return [...Map.groupBy(rows, ({ data }) => data)].map(([data, own]) => ({
        claim: `fresh runs in which a change of the strength that a rehearsal names (for nine of ten) is found, ${DATA[data]}, as a stream and in batches of 100: mean`,
        figure: own.map(({ meanPower }) => share(meanPower)).join(', '),
      }))
    },
  },
]

/** What that costs. */
export const STREAM_SPEED: readonly Evidence[] = [
  {
    result: 'stream',
    rows: ({ figures }) => {
      const { columns, images, processorMicrosecondsPerImage, stateBytes } = figures as StreamBench
      const { median } = processorMicrosecondsPerImage
      return [
        {
          claim: `processor time of an image in a stream beyond measuring its ${columns} features; the state after ${images.toLocaleString('en-US')} images`,
          figure: `${Number(median.toPrecision(2))} µs; ${(stateBytes.end / 1e6).toFixed(2)} MB`,
        },
      ]
    },
  },
]

type StreamBench = {
  readonly columns: number
  readonly images: number
  readonly processorMicrosecondsPerImage: { readonly median: number }
  readonly stateBytes: { readonly end: number }
}

type StreamStates = { readonly runs: number; readonly right: number }

type Dependence = {
  readonly streams: number
  readonly alarms: number
  /** Null without blocks. */
  readonly stated: number | null
  readonly saidDependent: number
  readonly mostAlarmsBefore: number
}

type Killed = {
  readonly kills: number
  readonly areEventsEqual: boolean
  readonly isStateEqual: boolean
}

type Rehearsed = { readonly data: string; readonly meanPower: number }

function count(images: number): string {
  return images.toLocaleString('en-US')
}
