import logout from "../operations/5-logout.graphql?raw";
import me from "../operations/3-me.graphql?raw";
import refreshToken from "../operations/4-refresh-token.graphql?raw";
import requestOtp from "../operations/1-request-otp.graphql?raw";
import verifyOtp from "../operations/2-verify-otp.graphql?raw";
import { json } from "./json";

/** What a new tab has under Headers. The value is filled in as soon as there is one. */
export const HEADERS = json({ Authorization: "" });

const recipient = { email: "ada@example.com" };

/** The way through the login, one tab for each step. */
export const TABS = [
  tab(requestOtp, { input: { recipient } }),
  tab(verifyOtp, {
    input: { recipient, code: "", challengeToken: null, delivery: "BODY", deviceName: "GraphiQL" },
  }),
  tab(me),
  tab(refreshToken, { input: { refreshToken: "" } }),
  tab(logout),
] as const;

function tab(query: string, variables?: object) {
  return {
    query: query.trimEnd(),
    variables: variables ? json(variables) : "",
    headers: HEADERS,
  };
}
