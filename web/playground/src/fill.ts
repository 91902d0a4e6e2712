import { parse } from "graphql";

import { isObject, json, parsed } from "./json";
import type { Session } from "./session";

/** What the editors of a tab hold. */
export interface Contents {
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
}

/** The contents of a tab with all filled in that the session knows, and the rest as it was. */
export function fill(tab: Contents, session: Session): Contents {
  return {
    query: tab.query,
    variables: fillVariables(tab, session),
    headers: fillHeaders(tab.headers, session),
  };
}

/** A tab that has the header gets its value; one that somebody took it out of stays without. */
function fillHeaders(text: string, { mode, accessToken }: Session): string {
  const headers = parsed(text);
  if (!headers || !("Authorization" in headers)) return text;
  const value = mode === "bearer" && accessToken ? `Bearer ${accessToken}` : "";
  return headers.Authorization === value ? text : json({ ...headers, Authorization: value });
}

function fillVariables({ query, variables: text }: Contents, session: Session): string {
  const variables = parsed(text);
  if (!variables || !isObject(variables.input)) return text;
  const news = newsFor(fieldsOf(query), session);
  const input = { ...variables.input };
  for (const [name, value] of Object.entries(news)) {
    if (value === DROPPED) delete input[name];
    else if (value !== undefined) input[name] = value;
  }
  const filled = json({ ...variables, input });
  return filled === json(variables) ? text : filled;
}

const DROPPED = Symbol("dropped");

function newsFor(fields: string[], session: Session): Record<string, unknown> {
  const isCookie = session.mode === "cookie";
  if (fields.includes("verifyOtp")) {
    const { recipient, challengeToken, code } = session;
    return { recipient, challengeToken, code, delivery: isCookie ? "COOKIE" : "BODY" };
  }
  if (fields.includes("refreshToken")) {
    return { refreshToken: isCookie ? DROPPED : (session.refreshToken ?? "") };
  }
  return {};
}

/** The fields that the operations of a document ask the schema's root for. */
function fieldsOf(query: string): string[] {
  try {
    const { definitions } = parse(query);
    return definitions.flatMap((definition) =>
      definition.kind === "OperationDefinition"
        ? definition.selectionSet.selections.flatMap((selection) =>
            selection.kind === "Field" ? [selection.name.value] : [],
          )
        : [],
    );
  } catch {
    return [];
  }
}
