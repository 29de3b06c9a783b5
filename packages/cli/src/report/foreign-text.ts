/** Text of a client: one line, no control characters that would move the terminal's cursor, cut with its size. */
export function shorten(text: string, room: number): string {
  const size = `… (${Buffer.byteLength(text)} bytes)`;
  if (text.length <= room + size.length) return safe(text);
  return `${safe(text.slice(0, room))}${size}`;
}

/** Text from outside on one line, without what would move the terminal's cursor. */
export function safe(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
