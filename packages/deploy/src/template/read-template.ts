/** An object of a template that somebody else may have made. */
export type Json = Readonly<Record<string, unknown>>;

/** What a deployed template says; nothing, if it is no JSON. */
export function parseTemplate(templateText: string): Json {
  try {
    return record(JSON.parse(templateText));
  } catch {
    // YAML, or nothing at all: neither we nor Architect write that.
    return {};
  }
}

/** An object as it is, anything else as an empty one. */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A text as it is, anything else as an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
