import type { NextConfig } from 'next'

const countersign = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'

const config: NextConfig = {
  // One origin for pages and for sign-in, so that the cookies come here as well.
  rewrites: async () => [
    { source: '/graphql', destination: `${countersign}/graphql` },
    { source: '/.well-known/jwks.json', destination: `${countersign}/.well-known/jwks.json` },
  ],
}

export default config
