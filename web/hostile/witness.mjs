// A proxy in front of the server, which sees what a browser sends and what it is told.
import { createServer, request } from "node:http";

/** Listens on `port`, passes everything on to `target`, and keeps `seen`. */
export async function witness(port, target) {
  const seen = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port: target, method, path: url, headers });
    onward.on("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        seen.push({
          method,
          hasCookies: /countersign-access=/.test(headers.cookie ?? ""),
          origin: headers.origin,
          status: response.statusCode,
          setsCookies: "set-cookie" in response.headers,
          code: /"code":"([A-Z_]+)"/.exec(body.toString())?.[1],
        });
        outgoing.writeHead(response.statusCode, response.headers).end(body);
      });
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { seen, stop: () => server.close() };
}

/** Serves an empty page on `port`, by whatever name it is called. */
export async function emptyPage(port) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><body></body>");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { stop: () => server.close() };
}
