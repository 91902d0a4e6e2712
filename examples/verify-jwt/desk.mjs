// What every test of a verifier talks to. It relays the real server's JWKS, adds keys of its own to
// it, and counts how often it is asked:
//
//     GET  /.well-known/jwks.json   the server's keys, and the desk's
//     GET  /tokens                  a case each: tokens of the server's, and forged ones
//     POST /rotate                  publishes the key under which `rotated` is signed
//     GET  /fetches                 how often the JWKS was fetched since the last POST /forget
//
// The desk's keys sign what the server never would: a token of another type, one without an end.
// Real tokens come in GOOD, EXPIRED, WRONG_AUDIENCE and WRONG_ISSUER. Prints its own address.
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'

const { COUNTERSIGN_URL, GOOD, EXPIRED, WRONG_AUDIENCE, WRONG_ISSUER } = process.env
const upstream = `${COUNTERSIGN_URL}/.well-known/jwks.json`

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'))

function key(kid) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid }
  return { jwk, privateKey }
}

const published = key('published-by-the-desk')
const next = key('not-yet-published')
let keys = [published]
let fetches = 0

const [goodHeader, goodClaims, goodSignature] = GOOD.split('.')
const claims = decode(goodClaims)

// The real token's claims and header, each with changes, signed by one of the desk's keys.
function signed({ jwk, privateKey }, changedClaims = {}, changedHeader = {}) {
  const header = { ...decode(goodHeader), kid: jwk.kid, ...changedHeader }
  const content = `${encode(header)}.${encode({ ...claims, ...changedClaims })}`
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${content}.${signature.toString('base64url')}`
}

async function tokens() {
  const [{ x, y, kid }] = (await (await fetch(upstream)).json()).keys
  const now = Math.floor(Date.now() / 1000)
  const none = encode({ ...decode(goodHeader), alg: 'none' })
  const hmac = `${encode({ ...decode(goodHeader), alg: 'HS256', kid })}.${goodClaims}`
  // The public key as a PEM: what a careless verifier hands to whatever the header asks for.
  const spki = Buffer.concat([
    Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ])
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n')}\n-----END PUBLIC KEY-----\n`

  return {
    issuer: claims.iss,
    audience: claims.aud,
    subject: claims.sub,
    accepted: {
      good: GOOD,
      expired_within_the_leeway: signed(published, { exp: now - 10 }),
    },
    rotated: signed(next),
    unknown_keys: Array.from({ length: 20 }, () => signed(next, {}, { kid: randomUUID() })),
    refused: {
      expired: EXPIRED,
      wrong_audience: WRONG_AUDIENCE,
      wrong_issuer: WRONG_ISSUER,
      expired_beyond_the_leeway: signed(published, { exp: now - 40 }),
      without_an_end: signed(published, { exp: undefined }),
      without_an_issuer: signed(published, { iss: undefined }),
      without_an_audience: signed(published, { aud: undefined }),
      without_a_subject: signed(published, { sub: undefined }),
      of_another_algorithm: signed(published, {}, { alg: 'ES384' }),
      from_the_future: signed(published, { nbf: now + 300 }),
      of_another_type: signed(published, {}, { typ: 'JWT' }),
      with_a_number_for_a_type: signed(published, {}, { typ: 5 }),
      without_a_type: signed(published, {}, { typ: undefined }),
      with_a_list_for_a_kid: signed(published, {}, { kid: ['published-by-the-desk'] }),
      without_a_kid: signed(published, {}, { kid: undefined }),
      under_another_kid: signed(published, {}, { kid }),
      unknown_kid: signed(next, {}, { kid: 'nobody-s' }),
      alg_none: `${none}.${goodClaims}.`,
      alg_none_with_a_signature: `${none}.${goodClaims}.${goodSignature}`,
      hs256_with_the_public_key: `${hmac}.${createHmac('sha256', pem).update(hmac).digest('base64url')}`,
      another_subject: `${goodHeader}.${encode({ ...claims, sub: randomUUID() })}.${goodSignature}`,
      without_a_signature: `${goodHeader}.${goodClaims}.`,
      cut_short: GOOD.slice(0, -10),
      garbage: 'garbage',
      three_parts_of_garbage: 'gar.ba.ge',
      empty: '',
    },
  }
}

async function answer(route) {
  switch (route) {
    case 'GET /.well-known/jwks.json': {
      fetches += 1
      const real = await (await fetch(upstream)).json()
      return { keys: [...real.keys, ...keys.map(({ jwk }) => jwk)] }
    }
    case 'GET /tokens':
      return tokens()
    case 'GET /fetches':
      return fetches
    case 'POST /rotate':
      keys = [published, next]
      return null
    case 'POST /forget':
      keys = [published]
      fetches = 0
      return null
  }
}

const server = createServer(async (request, response) => {
  const body = await answer(`${request.method} ${request.url}`)
  response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body ?? null))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
