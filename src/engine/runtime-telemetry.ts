import { isMainThread } from 'node:worker_threads'
import { DriftError } from '../errors.ts'

/** What the runtime reads when its library loads: its own opt-out, and the name that later versions give it. */
const OPT_OUTS = ['ORT_DISABLE_TELEMETRY', 'ORT_TELEMETRY_DISABLED']
const PATIENCE_MS = 5000

/**
 * Keeps the runtime from writing files about its use into the home folder and sending them over the network, which it
 * does unasked. Needed before its library loads, and before a thread starts that may load it.
 */
export async function silenceRuntime(): Promise<void> {
  if (OPT_OUTS.every((name) => process.env[name] === '1')) return
  // A worker has a copy of the environment, and native code reads the original.
  if (!isMainThread) await setInMainThread()
  for (const name of OPT_OUTS) process.env[name] = '1'
}

/** Only the main thread can change the environment of the process, and the debugger's protocol can ask it to. */
async function setInMainThread(): Promise<void> {
  const assignments = OPT_OUTS.map((name) => `process.env.${name} = '1'`)
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(() => timer.reject(new Error('no answer')), PATIENCE_MS)
  try {
    const { Session } = await import('node:inspector/promises')
    const session = new Session()
    session.connectToMainThread()
    await Promise.race([
      session.post('Runtime.evaluate', { expression: assignments.join(';') }),
      timer.promise,
    ])
    session.disconnect()
  } catch (cause) {
    throw new DriftError(
      'runtime.unavailable',
      'expected to switch off the telemetry of ONNX Runtime from this worker thread, got no answer from the main thread',
      {
        cause,
        hint: `Start the process with ${OPT_OUTS[0]}=1 and ${OPT_OUTS[1]}=1 in its environment.`,
      },
    )
  } finally {
    clearTimeout(timeout)
  }
}
