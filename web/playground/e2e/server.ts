import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The server to test, built with the feature `playground`. */
const BINARY = resolve(process.env["COUNTERSIGN_BIN"] ?? "../../target/debug/countersign");

/** A server with a new database, and the address that it is at. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts one, with these settings: `{ EMAIL__CHAIN: "maildir" }`. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "countersign-"));
    const port = await freePort();
    const all = { LOG__FILTER: "warn", ...settings };
    const variables = Object.entries(all).map(([key, value]) => [`COUNTERSIGN__${key}`, value]);
    const process = spawn(BINARY, ["serve", "--port", String(port)], {
      cwd: folder,
      env: Object.fromEntries(variables),
      stdio: ["ignore", "ignore", "inherit"],
    });
    const server = new Server(`http://localhost:${port}`, process, folder);
    await server.isReady();
    return server;
  }

  private async isReady() {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline && this.process.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    await this.stop();
    throw new Error(`${BINARY} does not answer`);
  }

  async stop() {
    const gone = new Promise((done) => this.process.once("exit", done));
    if (this.process.exitCode === null && this.process.kill()) await gone;
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  await new Promise((done) => listener.close(done));
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}
