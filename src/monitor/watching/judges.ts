import type { Verdict } from '../../verdict/index.ts'
import type { Log } from '../log/index.ts'
import { openProcessPool, startProcess } from '../processes/index.ts'
import type {
  JudgeRequest,
  OwnScore,
  PictureRequest,
  ReportRequest,
  SavedStream,
  ScoreRequest,
  Stepped,
  StepRequest,
  WatchingAnswer,
  WatchingRequest,
} from './watching-messages.ts'

type WithoutDetector<T> = Omit<T, 'kind' | 'detector' | 'streams'> & { readonly detector: string }

/** Watches and judges in processes of its own, so that who asks is never blocked. */
export type Judges = {
  /** `streams` is asked where they are not remembered from the step before. */
  step(
    request: WithoutDetector<StepRequest>,
    streams: () => Promise<readonly SavedStream[]>,
  ): Promise<Stepped>
  judge(request: WithoutDetector<JudgeRequest>): Promise<Verdict>
  report(request: WithoutDetector<ReportRequest>): Promise<string>
  /** How unusual each of these images is by itself; somebody waits for it, so it is asked where streams are. */
  score(request: WithoutDetector<ScoreRequest>): Promise<readonly OwnScore[]>
  picture(request: WithoutDetector<PictureRequest>): Promise<Uint8Array>
  readonly restarts: number
  close(): Promise<void>
}

export type JudgesOptions = {
  readonly timeoutMs: number
  readonly memoryBytes: number
  readonly artifactOf: (detector: string) => Promise<Uint8Array>
  readonly log: Log
  /** Verdicts and reports have a process of their own, so that streams need not wait for them. */
  readonly isApart: boolean
}

/** One process for streams, which remembers them, and perhaps one for verdicts and reports. */
export function openJudges({ artifactOf, isApart, ...limits }: JudgesOptions): Judges {
  const open = (isPatient: boolean) =>
    openProcessPool({
      start: () =>
        startProcess<WatchingRequest, WatchingAnswer>('./watching-process', import.meta.url, {
          isPatient,
        }),
      size: 1,
      ...limits,
    })
  const stepping = open(false)
  const judging = isApart ? open(true) : stepping
  const ask = async (
    pool: typeof stepping,
    request: WatchingRequest,
    streams?: () => Promise<readonly SavedStream[]>,
  ): Promise<WatchingAnswer> => {
    let known = request
    for (;;) {
      const answer = await pool.ask(known)
      if (!('needs' in answer)) return answer
      if (answer.needs === 'detector') {
        const { id } = known.detector
        known = withDetector(known, await artifactOf(id))
      } else if (known.kind === 'step') known = withStreams(known, await streams?.())
    }
  }
  return {
    step: async ({ detector, ...request }, streams) => {
      const known: StepRequest = { ...request, kind: 'step', detector: { id: detector } }
      const answer = await ask(stepping, known, streams)
      return (answer as { readonly stepped: Stepped }).stepped
    },
    judge: async ({ detector, ...request }) => {
      const answer = await ask(judging, { ...request, kind: 'judge', detector: { id: detector } })
      return (answer as { readonly verdict: Verdict }).verdict
    },
    report: async ({ detector, ...request }) => {
      const answer = await ask(judging, { ...request, kind: 'report', detector: { id: detector } })
      return (answer as { readonly html: string }).html
    },
    picture: async ({ detector, ...request }) => {
      const answer = await ask(judging, { ...request, kind: 'picture', detector: { id: detector } })
      return (answer as { readonly picture: Uint8Array }).picture
    },
    score: async ({ detector, ...request }) => {
      const answer = await ask(stepping, { ...request, kind: 'score', detector: { id: detector } })
      return (answer as { readonly scores: readonly OwnScore[] }).scores
    },
    get restarts() {
      return stepping.restarts + (isApart ? judging.restarts : 0)
    },
    close: async () => void (await Promise.all([stepping.close(), judging.close()])),
  }
}

function withDetector(request: WatchingRequest, artifact: Uint8Array): WatchingRequest {
  return { ...request, detector: { id: request.detector.id, artifact } }
}

function withStreams(
  request: StepRequest,
  streams: readonly SavedStream[] | undefined,
): WatchingRequest {
  return { ...request, streams }
}
