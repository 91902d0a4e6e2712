// What a page can try, each as a function that runs in it. `api` is the address of /graphql, and
// `query` what the attacker would like to have done in the visitor's name.

const form = ({ api, query, enctype, name, value }) => {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.name = `frame-${Math.random()}`;
  const form = document.body.appendChild(document.createElement("form"));
  Object.assign(form, { action: api, method: "POST", enctype, target: frame.name });
  const input = form.appendChild(document.createElement("input"));
  Object.assign(input, { name, value: value.replace("QUERY", query) });
  form.submit();
};

const simple = (init) => ({ page, args: { api, query } }) =>
  page.evaluate(
    ({ api, query, init }) => {
      const body = JSON.stringify({ query });
      const blob = init.blob === undefined ? body : new Blob([body], { type: init.blob });
      return fetch(api, { method: "POST", credentials: "include", body: blob, ...init }).then(
        () => "sent",
        () => "refused by the browser",
      );
    },
    { api, query, init },
  );

const byForm = (enctype, name, value) => ({ page, args }) =>
  page.evaluate(form, { ...args, enctype, name, value });

const address = ({ api, query }) => `${api}?query=${encodeURIComponent(query)}`;

/** Attacks that reach the server with the cookies that the browser lets go. */
export const ATTACKS = {
  "a form": byForm("application/x-www-form-urlencoded", "query", "QUERY"),
  "a form that looks like JSON": byForm("text/plain", '{"query":"QUERY","x":"', '"}'),
  "a multipart form": byForm("multipart/form-data", "operations", '{"query":"QUERY"}'),
  "a fetch of text": simple({ mode: "no-cors", headers: { "content-type": "text/plain" } }),
  "a fetch of nothing in particular": simple({ mode: "no-cors", blob: "" }),
  "a fetch of a form": simple({
    mode: "no-cors",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  }),
  "a fetch that claims JSON without asking": simple({
    mode: "no-cors",
    headers: { "content-type": "application/json", "graphql-require-preflight": "1" },
  }),
  "a beacon": ({ page, args }) =>
    page.evaluate(({ api, query }) => navigator.sendBeacon(api, JSON.stringify({ query })), args),
  "a GET by fetch": ({ page, args }) =>
    page.evaluate(
      // The answer is kept from the page (`Cross-Origin-Resource-Policy`); the request was sent.
      (url) => fetch(url, { mode: "no-cors", credentials: "include" }).catch(() => {}),
      address(args),
    ),
  "an image": ({ page, args }) =>
    page.evaluate((url) => void (new Image().src = url), address(args)),
  "a script": ({ page, args }) =>
    page.evaluate((url) => {
      document.body.appendChild(document.createElement("script")).src = url;
    }, address(args)),
  "a link": ({ page, args }) => page.evaluate((url) => location.assign(url), address(args)),
};

/** Attacks that the browser does not let out, because the server does not allow them. */
export const PREFLIGHTED = {
  "a fetch of JSON": simple({ headers: { "content-type": "application/json" } }),
  "a fetch of JSON with the header": simple({
    headers: { "content-type": "application/json", "graphql-require-preflight": "1" },
  }),
  "a fetch of text with the header": simple({ headers: { "apollo-require-preflight": "1" } }),
};
