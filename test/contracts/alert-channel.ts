import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AlertMessage } from '../../src/monitor/alerts/alert-message.ts'
import { type AlertChannel, UndeliveredError } from '../../src/monitor/alerts/channels/channel.ts'

/** An alert that names what a careless channel would stumble over. */
export const MESSAGE: AlertMessage = {
  id: 'abc123',
  turn: 'opened',
  at: '2026-11-26T12:00:00.000Z',
  link: 'https://drift.example/v1/alerts/a',
  pictures: ['https://drift.example/v1/monitors/m/images/7/file'],
  alert: {
    id: 'a',
    monitor: 'cameras',
    source: 'left <gate> & "door"',
    rule: 'drift',
    state: 'open',
    openedAt: 1,
    changedAt: 1,
    times: 1,
    told: null,
    mute: null,
    summary: 'Since the 301st image (ü <b>.png) images no longer look like the reference.',
    findings: ['Brighter: mean brightness 0.178 → 0.390', '$(touch /tmp/never); `id`'],
  },
}

/** What came of a message. */
export type Arrived = {
  /** What tells copies apart. */
  readonly id: string
  readonly text: string
}

/** A channel and what is at its other end. */
export type ChannelUnderTest = {
  readonly channel: AlertChannel
  /** What has come so far. */
  readonly arrived: () => Promise<readonly Arrived[]>
  /** From now on the other end fails in a way that may pass, or answers again. */
  readonly fail: (isFailing: boolean) => void
  readonly close: () => Promise<void>
}

const never = new AbortController().signal

/** What every channel promises. */
export function describeAlertChannel(name: string, make: () => Promise<ChannelUnderTest>): void {
  describe(`the alert channel ${name}`, () => {
    it('delivers what was found, where, and how to look at it, under the id of the message', async () => {
      const { channel, arrived, close } = await make()
      await channel.send(MESSAGE, never)
      const [{ id, text }, ...others] = await arrived()
      await close()
      assert.deepEqual(others, [])
      assert.match(id, /abc123/)
      for (const part of [
        'cameras',
        'Since the 301st image',
        'ü',
        '0.178 → 0.390',
        '$(touch /tmp/never)',
        'https://drift.example/v1/alerts/a',
      ]) {
        assert.ok(text.includes(part), `${part} in ${text}`)
      }
    })

    it('says that it did not deliver, so that it is tried again, under the same id', async () => {
      const { channel, arrived, fail, close } = await make()
      fail(true)
      await assert.rejects(channel.send(MESSAGE, never), (error: UndeliveredError) => {
        assert.ok(error instanceof UndeliveredError)
        assert.equal(error.isFinal, false)
        return true
      })
      fail(false)
      await channel.send(MESSAGE, never)
      await channel.send(MESSAGE, never)
      const ids = (await arrived()).map(({ id }) => id)
      await close()
      assert.equal(new Set(ids.slice(-2)).size, 1)
    })
  })
}
