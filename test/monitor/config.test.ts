import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { completeConfig, printableConfig, readConfig } from '../../src/monitor/index.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const folder = temporaryFolder()
const written = (text: string): string => {
  const path = join(folder, 'config.yaml')
  writeFileSync(path, text)
  return path
}

const FULL = `
data: /var/lib/pixeldrift
publicUrl: https://drift.example
monitors:
  - id: north
    detector: d.pixeldrift
    settings: { windowSize: 200 }
channels:
  - { kind: slack, name: team, url: "https://hooks.example/\${HOOK}" }
  - { kind: email, name: mail, server: "smtp://me:\${PASSWORD}@mail.example:587", from: a@example.org, to: [b@example.org] }
  - { kind: webhook, name: own, url: https://own.example/x, secret: "whsec_\${PASSWORD}" }
  - { kind: teams, name: night, url: "https://flow.example/?sig=\${PASSWORD}", quietHours: { from: '22:00', to: '07:00', timeZone: Europe/Berlin } }
  - { kind: command, name: siren, command: [/usr/bin/siren, --loud] }
`

describe('the configuration of a service', () => {
  it('is read from YAML, secrets from the environment, defaults filled in', () => {
    const found = readConfig(written(FULL), { HOOK: 'abc', PASSWORD: 'pw' })
    const config = completeConfig(found)
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.monitors[0].settings.windowSize, 200)
    assert.equal(config.monitors[0].settings.falseAlarmEvery, 100_000)
    const [slack, email] = config.channels
    assert.equal(slack.kind === 'slack' && slack.url, 'https://hooks.example/abc')
    assert.equal(email.kind === 'email' && email.server, 'smtp://me:pw@mail.example:587')
    assert.throws(() => readConfig('none.yaml', {}), { hint: /serve --print-config > none.yaml/ })
    assert.deepEqual(readConfig(written(''), {}), {})
  })

  it('is printed without its secrets', () => {
    const config = completeConfig({
      ...readConfig(written(FULL), { HOOK: 'abc', PASSWORD: 'pw' }),
      database: 'postgres://me:pw@host/name',
    })
    const text = JSON.stringify(printableConfig(config))
    assert.doesNotMatch(text, /pw|abc/)
    assert.match(text, /postgres:\/\/me:.+@host\/name/)
    assert.match(text, /mail\.example:587/)
  })

  it('names what it does not know, and what is nearest to it', () => {
    assert.throws(() => completeConfig({ pubicUrl: 'https://x.example' }), {
      code: 'config.invalid',
      message: 'expected a known setting, got pubicUrl',
      hint: /Did you mean publicUrl\?/,
    })
    assert.throws(() => completeConfig({ port: 'many' }), /expected port to be of type number/)
    const monitor = { detector: 'd', settings: { windowSize: 5 } }
    assert.throws(
      () => completeConfig({ monitors: [monitor] }),
      /monitors\.0\.settings\.windowSize to be at least 10, got 5/,
    )
    const twice = [{ detector: 'd' }, { detector: 'e' }]
    assert.throws(() => completeConfig({ monitors: twice }), /different names, got default twice/)
    assert.throws(() => completeConfig({ limits: { waitng: 5 } }), { hint: /mean waiting/ })
    assert.throws(
      () => completeConfig({ monitors: [{ detector: 'd', settings: { windowSise: 50 } }] }),
      { hint: /mean windowSize/ },
    )
    const channels = [{ kind: 'slack', name: 'a', url: 'https://a.example', secrt: 'x' }]
    assert.throws(() => completeConfig({ channels }), { hint: /mean secret/ })
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Mars/Olympus' }
    const night = [{ kind: 'slack', name: 'a', url: 'https://a.example', quietHours }]
    assert.throws(() => completeConfig({ channels: night }), /quietHours\.timeZone/)
  })

  it('says which file, variable or line is wrong', () => {
    assert.throws(() => readConfig(written('data: ${NOTHING}'), {}), /NOTHING in the environment/)
    assert.throws(() => readConfig(written('a: [1'), {}), /config\.yaml: .*line 1/s)
    assert.throws(() => readConfig(written('- 1'), {}), /expected settings by name/)
    assert.throws(() => readConfig('/no/such.yaml', {}), { code: 'source.unreadable' })
  })
})
