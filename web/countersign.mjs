// The debug binary, in a folder of its own, for as long as a test takes.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../target/debug/countersign", import.meta.url));
const PATIENCE = 30_000;

/** A port that nobody listens on yet. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `question` has an answer. */
export async function until(question, what) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts the server on `port` with nothing in its environment but `environment`. */
export async function start(port, environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const child = spawn(BINARY, ["serve"], { cwd: folder, env: { PORT: String(port), ...environment } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  }
  let failure;
  child.once("error", (error) => (failure = error));
  child.once("exit", (code) => (failure ??= new Error(`the server ended with ${code}: ${output}`)));
  const answers = async () => {
    if (failure) throw failure;
    return fetch(`http://127.0.0.1:${port}/readyz`).then((it) => it.ok, () => false);
  };
  await until(answers, "the server");
  return {
    /** All that it has printed. */
    output: () => output,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
