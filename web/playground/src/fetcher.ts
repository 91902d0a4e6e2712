import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { Kind, parse } from "graphql";

import { heed } from "./heed";
import { current } from "./session";

/** Sends a request to the server that this page is from, and learns from what it answers. */
export const fetcher: Fetcher = async (request, options) => {
  const headers = new Headers(options?.headers as HeadersInit | undefined);
  headers.set("content-type", "application/json");
  headers.set("accept", "application/graphql-response+json, application/json");
  // A browser sends this on behalf of no other site without asking: it is what a server that
  // takes cookies goes by.
  headers.set("graphql-require-preflight", "true");
  const { mode } = current();
  if (mode === "cookie" || headers.get("authorization") === "") headers.delete("authorization");

  const response = await fetch("graphql", {
    method: "POST",
    headers,
    body: JSON.stringify(withoutStaleName(request)),
    // Left at home otherwise, so that each mode shows what it does by itself.
    credentials: mode === "cookie" ? "same-origin" : "omit",
  });
  const answer: unknown = await response.json();
  // After GraphiQL has shown the answer: it writes into the tab that it believes to be open.
  setTimeout(() => heed(request as FetcherParams, answer));
  return answer as object;
};

/** Just after the tabs have changed, GraphiQL names the operation of the one before. Where there is
 * one operation, it needs no name. */
function withoutStaleName(request: FetcherParams): FetcherParams {
  try {
    const operations = parse(request.query).definitions.filter(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION,
    );
    return operations.length === 1 ? { ...request, operationName: undefined } : request;
  } catch {
    // The server says better what is wrong.
    return request;
  }
}
