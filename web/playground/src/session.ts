import { useSyncExternalStore } from "react";

/** How the server hands out tokens: in answers, for us to keep, or in cookies. */
export type Mode = "bearer" | "cookie";

/** What the answers so far have told. In memory only: a reload forgets it. */
export interface Session {
  readonly mode: Mode;
  readonly recipient?: unknown;
  readonly challengeToken?: string;
  /** The code that somebody chose to fill in. */
  readonly code?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Who signed in, for display. */
  readonly user?: string;
}

let session: Session = { mode: "bearer" };
const listeners = new Set<() => void>();

export const current = () => session;

/** Learns something new. */
export function learn(news: Partial<Session>) {
  session = { ...session, ...news };
  for (const listener of listeners) listener();
}

/** Nobody is signed in. */
export function forget() {
  learn({ accessToken: undefined, refreshToken: undefined, user: undefined });
}

/** Changes how tokens come. Those of the other way are left where they are, and not used. */
export function change(mode: Mode) {
  learn({ mode, accessToken: undefined, refreshToken: undefined, user: undefined });
}

export const useSession = () => useSyncExternalStore(subscribe, current);

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
