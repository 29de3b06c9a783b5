/** Percent-decodes a text once; one with a broken escape stays as it is, because a request may hold anything. */
export function decodeOnce(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone `%` or bytes that are no UTF-8. AWS refuses such a path; a local gateway can show it instead.
    return text;
  }
}
