/** The three routes that API Gateway itself invokes. No message of a client ever selects the first or the last (fact C25). */
export const lifecycleRoutes = {
  connect: '$connect',
  default: '$default',
  disconnect: '$disconnect',
} as const;

/** What every Furrow app selects its route by. */
export const routeSelectionExpression = '$request.body.action';

/**
 * The route of a message: the custom route that its `action` names exactly, else `$default`.
 *
 * Numbers and booleans count by their text (fact C4). Text that is not a JSON object goes to `$default` (C5, C6), and so
 * does whatever begins with `$`, because custom route keys never do.
 */
export function selectRoute(body: string, routeKeys: RouteKeys): string {
  const action = readAction(body);
  const isCustom = action !== undefined && !action.startsWith('$') && routeKeys.has(action);
  return isCustom ? action : lifecycleRoutes.default;
}

/** The route keys of an app: a set of them, or a map by them. */
export interface RouteKeys {
  has(routeKey: string): boolean;
}

function readAction(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON: AWS routes it to $default, and so does the caller.
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const message: { readonly action?: unknown } = parsed;
  if (!Object.hasOwn(message, 'action')) return undefined;
  const { action } = message;
  return typeof action === 'string' || typeof action === 'number' || typeof action === 'boolean'
    ? String(action)
    : undefined;
}
