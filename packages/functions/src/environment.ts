import type { Environment } from './endpoint.ts';

/** The one place that looks at the variables, at every call: a warm process may get new keys. */
export function environment(): Environment {
  return process.env;
}
