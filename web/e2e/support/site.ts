import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { preview } from 'vite'

/** Serves the built app `app` at `port`, with the server at `backend` behind the same origin. */
export async function serve(app: string, port: number, backend: string) {
  const root = resolve('../../examples', app)
  if (!existsSync(resolve(root, 'dist'))) throw new Error(`examples/${app} is not built: npm run build`)
  return preview({
    root,
    configFile: false,
    logLevel: 'error',
    preview: { host: '127.0.0.1', port, strictPort: true, proxy: { '/graphql': backend } },
  })
}
