import { defineConfig } from "vite";

import { compressed } from "./compressed.ts";

/** The server that `npm run dev` works with: `cargo run`. */
const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  // Relative, so that the page also works below a path that a proxy adds.
  base: "./",
  build: {
    target: "es2022",
    assetsDir: "playground",
    // Each file by itself: a `data:` address is no file of ours, and the page's policy knows none.
    assetsInlineLimit: 0,
    // Monaco is one large thing, and this page is nothing without it.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    // "use client" means something to servers that render React, and nothing here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    license: { fileName: "playground/licenses.txt" },
  },
  worker: { format: "es" },
  plugins: [compressed()],
  server: { proxy: { "/graphql": SERVER, "/dev": SERVER } },
});
