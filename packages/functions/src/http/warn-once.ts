const said = new Set<string>();

/** Writes a warning into the log of the function, the first time in a process. */
export function warnOnce(code: string, message: string): void {
  if (said.has(code)) return;
  said.add(code);
  process.emitWarning(message, { code });
}
