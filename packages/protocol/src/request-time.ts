const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

let cachedSecond = Number.NaN;
let cachedText = '';

/** Common Log Format in UTC, `19/Feb/2024:07:11:42 +0000` (fact B12). The last second's text is kept: messages come in bursts. */
export function requestTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second === cachedSecond) return cachedText;
  const date = new Date(epochMs);
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  cachedSecond = second;
  cachedText = `${day}:${time} +0000`;
  return cachedText;
}
