import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/**
 * Leaves every file but the page itself as gzip, the one coding that all browsers take over plain
 * HTTP: so it is embedded in the server, and so it is sent.
 */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir }) {
      const folder = join(dir ?? "dist", "playground");
      for (const name of await readdir(folder)) {
        const file = join(folder, name);
        const level = constants.Z_BEST_COMPRESSION;
        await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level }));
        await rm(file);
      }
    },
  };
}
