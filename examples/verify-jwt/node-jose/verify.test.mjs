import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { verifier } from './verify.mjs'

const desk = process.env.DESK
const ask = async (path, method = 'GET') => (await fetch(desk + path, { method })).json()
const tokens = await ask('/tokens')
const { issuer, audience } = tokens
const make = (options) => verifier({ issuer, audience, jwks: `${desk}/.well-known/jwks.json`, ...options })

beforeEach(() => ask('/forget', 'POST'))

test('a good token tells whose it is', async () => {
  for (const [name, token] of Object.entries(tokens.accepted)) {
    assert.equal((await make()(token)).sub, tokens.subject, name)
  }
})

test('the keys are found at the issuer', async () => {
  assert.equal((await verifier({ issuer, audience })(tokens.accepted.good)).sub, tokens.subject)
})

for (const [name, token] of Object.entries(tokens.refused)) {
  test(`refused: ${name}`, () => assert.rejects(make()(token)))
}

test('keys are fetched once, and not for each unknown kid', async () => {
  const verify = make()
  for (let time = 0; time < 20; time += 1) await verify(tokens.accepted.good)
  for (const token of tokens.unknown_keys) await assert.rejects(verify(token))
  assert.equal(await ask('/fetches'), 1)
})

test('a new key is fetched when it is first seen', async () => {
  const verify = make({ cooldown: 0 })
  await verify(tokens.accepted.good)
  await assert.rejects(verify(tokens.rotated))
  await ask('/rotate', 'POST')
  assert.equal((await verify(tokens.rotated)).sub, tokens.subject)
})
