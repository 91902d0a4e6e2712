import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // The page and the server have one origin in development: nothing to allow, and cookies just work.
  server: { proxy: { '/graphql': 'http://127.0.0.1:8000' } },
  preview: { proxy: { '/graphql': 'http://127.0.0.1:8000' } },
})
