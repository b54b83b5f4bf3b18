import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createSlots } from '../../src/images/codec/slots.ts'

/** Tasks that end when they are told to, and the names of those that run. */
function tasks() {
  const running = new Map<string, (failed?: Error) => void>()
  const task = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      running.set(name, (failed) => {
        running.delete(name)
        if (failed === undefined) resolve(name)
        else reject(failed)
      })
    })
  const names = async () => {
    await setImmediate()
    return [...running.keys()].join(' ')
  }
  const end = (name: string, failed?: Error) => running.get(name)?.(failed)
  return { task, names, end }
}

describe('slots', () => {
  it('run so many tasks at once, the others in their order as places become free', async () => {
    const slots = createSlots(2)
    const { task, names, end } = tasks()
    const ended = ['a', 'b', 'c', 'd'].map(async (name) => slots.run(task(name)))
    assert.equal(await names(), 'a b')
    end('b')
    assert.equal(await names(), 'a c')
    end('a')
    assert.equal(await names(), 'c d')
    end('c')
    end('d')
    assert.deepEqual(await Promise.all(ended), ['a', 'b', 'c', 'd'])
  })

  it('are free again after a task that failed, and after all have ended', async () => {
    const slots = createSlots(1)
    const { task, names, end } = tasks()
    const failing = slots.run(task('failing'))
    const next = slots.run(task('next'))
    await names()
    end('failing', new Error('no'))
    await assert.rejects(failing, /no/)
    assert.equal(await names(), 'next')
    end('next')
    await next
    const later = ['x', 'y'].map(async (name) => slots.run(task(name)))
    assert.equal(await names(), 'x')
    end('x')
    assert.equal(await names(), 'y')
    end('y')
    await Promise.all(later)
  })
})
