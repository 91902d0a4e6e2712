import type { GraphiQLPlugin } from "@graphiql/react";

import { HAS_MESSAGES, LastCode } from "./LastCode";
import { Switch } from "./Switch";
import { useSession } from "./session";

/** Countersign's own pane in the side bar. */
export const PANEL: GraphiQLPlugin = { title: "Countersign", icon: Icon, content: Panel };

function Panel() {
  return (
    <div className="countersign">
      <h2>Countersign</h2>
      <p>
        Run the tabs from left to right. What one answers, the next ones have under Variables and
        Headers.
      </p>
      <Standing />
      <Switch />
      {HAS_MESSAGES && <LastCode />}
      <footer>
        <a href="./playground/licenses.txt" target="_blank" rel="noreferrer">
          Licences of what this page is made of
        </a>
      </footer>
    </div>
  );
}

function Standing() {
  const { user } = useSession();
  return (
    <section>
      <h3>Session</h3>
      <p role="status" className={user ? "countersign-in" : "countersign-out"}>
        {user ? `Signed in as ${user}` : "Not signed in"}
      </p>
    </section>
  );
}

/** A key, and its hole. */
function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <circle cx="8" cy="15.5" r="4.25" />
      <path d="m11 12.5 8-8m-3 3 2.75 2.75M13.5 10l1.75 1.75" strokeLinecap="round" />
    </svg>
  );
}
