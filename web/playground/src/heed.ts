import type { FetcherParams } from "@graphiql/toolkit";

import { isObject } from "./json";
import { forget, learn } from "./session";

/** Draws from an answer what later requests need. Fields under an alias are not looked at. */
export function heed(request: FetcherParams, answer: unknown) {
  if (!isObject(answer) || !isObject(answer.data)) return;
  const { requestOtp, verifyOtp, refreshToken, logout, logoutAll, me } = answer.data;

  if (isObject(requestOtp) && isObject(requestOtp.challenge)) {
    const { challengeToken } = requestOtp.challenge;
    learn({ recipient: recipientOf(request), challengeToken: text(challengeToken) });
  }
  if (isObject(verifyOtp) && isDone(verifyOtp)) {
    learn({ code: undefined, challengeToken: undefined, user: "somebody" });
    learnUser(verifyOtp.user);
    learnTokens(verifyOtp.tokens);
  }
  if (isObject(refreshToken)) {
    if (isDone(refreshToken)) learnTokens(refreshToken.tokens);
    else if (hasExpired(refreshToken)) forget();
  }
  if ([logout, logoutAll].some((payload) => isObject(payload) && isDone(payload))) forget();
  learnUser(me);
}

function isDone({ userErrors }: Record<string, unknown>) {
  return !Array.isArray(userErrors) || userErrors.length === 0;
}

function hasExpired({ userErrors }: Record<string, unknown>) {
  const isExpiry = (error: unknown) => isObject(error) && error.code === "SESSION_EXPIRED";
  return Array.isArray(userErrors) && userErrors.some(isExpiry);
}

function learnTokens(tokens: unknown) {
  // Null in cookie mode: the browser has them, and we do not.
  if (!isObject(tokens)) return;
  learn({ accessToken: text(tokens.accessToken), refreshToken: text(tokens.refreshToken) });
}

function learnUser(user: unknown) {
  if (!isObject(user)) return;
  const name = text(user.email) ?? text(user.phone) ?? text(user.id);
  if (name) learn({ user: name });
}

function recipientOf({ variables }: FetcherParams): unknown {
  const input: unknown = isObject(variables) ? variables.input : undefined;
  return isObject(input) ? input.recipient : undefined;
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
