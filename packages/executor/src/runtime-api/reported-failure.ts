import type { FunctionFailure } from '@furrow/protocol';

/** What Lambda calls a failure that does not say what it is. */
const unknownType = 'Runtime.Unknown';

/**
 * The failure that a process reports: JSON with `errorMessage`, `errorType` and `stackTrace` (fact H16).
 *
 * Anything may write it, so nothing of it is trusted; what is no such JSON is the message as it stands.
 *
 * @param header `Lambda-Runtime-Function-Error-Type`, for a body that has no type.
 */
export function reportedFailure(body: Buffer, header: string | undefined): FunctionFailure {
  const text = body.toString('utf8');
  const said = parse(text);
  const { errorType = header ?? unknownType, errorMessage = '', stackTrace } = said ?? { errorMessage: text };
  return {
    errorType: textOf(errorType),
    errorMessage: textOf(errorMessage),
    trace: Array.isArray(stackTrace) ? stackTrace.flatMap(frameLines) : [],
  };
}

interface Said {
  readonly errorType?: unknown;
  readonly errorMessage?: unknown;
  readonly stackTrace?: unknown;
}

function parse(text: string): Said | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Some bootstraps report plain text.
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Python gives each frame of a traceback as two lines in one text, Go as an object. */
function frameLines(frame: unknown): string[] {
  if (typeof frame === 'object' && frame !== null) {
    const { path, line, label }: { path?: unknown; line?: unknown; label?: unknown } = frame;
    if (typeof path === 'string' && typeof label === 'string') return [`    at ${label} (${path}:${textOf(line)})`];
  }
  return textOf(frame).trimEnd().split('\n');
}
