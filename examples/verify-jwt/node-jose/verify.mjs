import { createRemoteJWKSet, jwtVerify } from 'jose'

/**
 * Makes `verify(token)`, which gives the claims of an access token, or throws.
 *
 * Make one for the life of your server: it keeps the keys.
 */
export function verifier({ issuer, audience, jwks = `${issuer}/.well-known/jwks.json`, cooldown = 30 }) {
  const keys = createRemoteJWKSet(new URL(jwks), {
    cacheMaxAge: 300_000,
    // A `kid` that is not among the keys has them fetched again, but no more often than this.
    cooldownDuration: cooldown * 1000,
    timeoutDuration: 5_000,
  })

  return async function verify(token) {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: 30,
    })
    return payload
  }
}
