/** Whether a policy lets somebody do something; `malformed` for what is no policy. */
export type Verdict = 'allowed' | 'denied' | 'malformed';

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly matches: boolean;
}

/**
 * What an IAM policy says of one action on one resource (facts G7, G8): a Deny that matches wins, else an Allow has to.
 *
 * `Action` and `Resource`, or `NotAction` and `NotResource`, are texts or lists of them, with the wildcards `*` and `?`.
 * Actions are compared in any letter case, resources exactly. Conditions cannot be decided here: a statement with one
 * allows nothing, and denies as if it were met.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html (read 2026-11)
 */
export function evaluatePolicy(document: unknown, action: string, resource: string): Verdict {
  const list = fieldOf(document, 'Statement');
  const statements: unknown[] = Array.isArray(list) ? list : [list];
  const read = statements.map((statement) => readStatement(statement, action, resource));
  if (read.includes(undefined)) return 'malformed';
  const matching = read.filter((statement) => statement?.matches === true);
  if (matching.some((statement) => statement?.effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'denied';
}

function readStatement(value: unknown, action: string, resource: string): Statement | undefined {
  const effect = fieldOf(value, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  const ofAction = isMeant(value, 'Action', (pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase()));
  const ofResource = isMeant(value, 'Resource', (pattern) => matchesPattern(resource, pattern));
  if (ofAction === undefined || ofResource === undefined) return undefined;
  const isConditional = fieldOf(value, 'Condition') !== undefined && effect === 'Allow';
  return { effect, matches: ofAction && ofResource && !isConditional };
}

/** Whether an element or its `Not` twin means this; `undefined` where it has neither, or both. */
function isMeant(
  statement: unknown,
  name: 'Action' | 'Resource',
  matches: (pattern: string) => boolean,
): boolean | undefined {
  const own = fieldOf(statement, name);
  const others = fieldOf(statement, `Not${name}`);
  if ((own === undefined) === (others === undefined)) return undefined;
  const given = own ?? others;
  const patterns: unknown[] = Array.isArray(given) ? given : [given];
  if (!patterns.every((pattern) => typeof pattern === 'string')) return undefined;
  return patterns.some(matches) === (own !== undefined);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** `*` is any text, also none, and `?` is one character. Takes no longer than the product of both lengths. */
function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  /** Where the last `*` stands, and the text that it covers ends. */
  let starAt = -1;
  let coveredTo = 0;
  while (at < text.length) {
    const char = pattern[inPattern];
    if (char === '*') {
      starAt = inPattern++;
      coveredTo = at;
    } else if (char === '?' || char === text[at]) {
      inPattern += 1;
      at += 1;
    } else if (starAt >= 0) {
      inPattern = starAt + 1;
      at = ++coveredTo;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
