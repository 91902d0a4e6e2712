// GraphQL over HTTP: all audits of the npm package graphql-http, recommendations included.
import { serverAudits } from "graphql-http";

import { freePort, start } from "../countersign.mjs";

// As many as there are: an audit that goes missing has not passed.
const AUDITS = 61;

const port = await freePort();
// The audits ask the schema about itself, and faster than one client address may.
const server = await start(port, {
  COUNTERSIGN__GRAPHQL__INTROSPECTION: "true",
  COUNTERSIGN__HTTP__FLOOD_RATE: "0",
});
const failed = [];
const audits = serverAudits({ url: `http://127.0.0.1:${port}/graphql` });
try {
  for (const audit of audits) {
    const result = await audit.fn();
    const passed = result.status === "ok";
    console.log(`${passed ? "✓" : "✗"} ${audit.id} ${audit.name}`);
    if (!passed) {
      console.log(`    ${result.status}: ${result.reason}`);
      failed.push(audit.id);
    }
  }
} finally {
  await server.stop();
}
console.log(`${audits.length - failed.length} of ${audits.length} passed`);
if (failed.length > 0 || audits.length !== AUDITS) process.exitCode = 1;
