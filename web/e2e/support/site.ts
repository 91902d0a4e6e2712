import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, preview } from 'vite'

/** A built app, served to browsers. */
export interface Site {
  stop(): Promise<void>
}

/** Serves the app `app` as it was built, with the server at `backend` behind the same origin. */
export async function serveTogether(app: string, port: number, backend: string): Promise<Site> {
  const folder = resolve(root(app), 'dist')
  if (!existsSync(folder)) throw new Error(`examples/${app} is not built: just examples`)
  return serve(folder, port, { '/graphql': backend })
}

/** Builds the app `app` for a server at another origin, and serves it. */
export async function serveApart(app: string, port: number, backend: string): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  await build({
    root: root(app),
    logLevel: 'error',
    define: { 'import.meta.env.VITE_COUNTERSIGN_URL': JSON.stringify(backend) },
    build: { outDir: folder },
  })
  const site = await serve(folder, port, {})
  return {
    async stop() {
      await site.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function serve(folder: string, port: number, proxy: Record<string, string>): Promise<Site> {
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port, strictPort: true, proxy },
  })
  return { stop: () => server.close() }
}

function root(app: string): string {
  return resolve('../../examples', app)
}
