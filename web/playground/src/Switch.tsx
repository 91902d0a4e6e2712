import { type Mode, change, useSession } from "./session";

const MODES: Record<Mode, { label: string; about: string }> = {
  bearer: {
    label: "Bearer header",
    about: "Tokens come in the answer, and the access token is filled in under Headers.",
  },
  cookie: {
    label: "Cookies",
    about: "Tokens come in HttpOnly cookies, and no script sees them. For pages of this site.",
  },
};

/** How the server is to hand out tokens. */
export function Switch() {
  const { mode } = useSession();
  return (
    <section>
      <h3 id="countersign-mode">Credentials</h3>
      <div className="countersign-switch" role="radiogroup" aria-labelledby="countersign-mode">
        {(Object.keys(MODES) as Mode[]).map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="countersign-mode"
              checked={mode === name}
              onChange={() => change(name)}
            />
            <span>{MODES[name].label}</span>
          </label>
        ))}
      </div>
      <small>{MODES[mode].about}</small>
    </section>
  );
}
