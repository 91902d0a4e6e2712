import { UnStyledButton } from "@graphiql/react";
import { useState } from "react";

import { learn } from "./session";

/** A message that the server's console has printed. */
interface Message {
  readonly channel: string;
  readonly to: string;
  readonly code: string | null;
}

/** Where the server keeps them. Empty unless it is a development server with a console courier. */
const ADDRESS = document.querySelector<HTMLMetaElement>('meta[name="countersign-messages"]')?.content;

export const HAS_MESSAGES = Boolean(ADDRESS);

/** The last code that was sent, for who asks, and a way to fill it in. */
export function LastCode() {
  const [found, setFound] = useState<Message | string>();

  const look = async () => setFound(await lastCode().catch(() => "The server does not tell."));

  return (
    <section>
      <h3>Last code</h3>
      <p>
        <UnStyledButton type="button" className="countersign-link" onClick={() => void look()}>
          Show the last code sent
        </UnStyledButton>
      </p>
      <div role="status">
        {typeof found === "string" && <p>{found}</p>}
        {typeof found === "object" && found.code && (
          <p className="countersign-code">
            <output>{found.code}</output>
            <span>to {found.to}</span>
            <button
              type="button"
              className="graphiql-button"
              onClick={() => learn({ code: found.code ?? undefined })}
            >
              Fill in
            </button>
          </p>
        )}
      </div>
      <small>
        Messages are printed by the console courier. A production server has neither it nor this.
      </small>
    </section>
  );
}

async function lastCode(): Promise<Message | string> {
  const response = await fetch(ADDRESS ?? "", { credentials: "omit", cache: "no-store" });
  if (!response.ok) return await response.text();
  const { messages } = (await response.json()) as { messages: Message[] };
  return messages.find(({ code }) => code !== null) ?? "None was sent since the server started.";
}
