/** An object as people read it in an editor. */
export const json = (value: object) => JSON.stringify(value, null, 2);

/** The object that `text` is, or nothing: what somebody is in the middle of typing is left alone. */
export function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
