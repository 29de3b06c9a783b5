import { isOurVariable, isReservedVariable } from '@furrow/executor';
import type { PackagedFunction } from '../package/package.ts';
import type { Target } from '../target.ts';
import type { OnDeployEvent } from './deploy-event.ts';

/** What sessions are encrypted with. */
const secret = 'ARC_APP_SECRET';

/**
 * Says which variables a stage lacks, as far as the app shows: the secret of sessions, and those that the developer has
 * written down for it.
 */
export function noteVariables(
  names: readonly string[],
  of: {
    readonly target: Target;
    readonly functions: readonly PackagedFunction[];
    readonly expected: readonly string[];
    readonly onEvent: OnDeployEvent;
  },
): void {
  const { target, functions, expected, onEvent } = of;
  const labels = functions.filter(({ usesSessions }) => usesSessions).map(({ label }) => label);
  const isSecretMissing = labels.length > 0 && !names.includes(secret);
  if (isSecretMissing) onEvent({ type: 'secret-missing', target, labels });
  const missing = expected.filter(
    (name) =>
      !names.includes(name) &&
      !isOurVariable(name) &&
      !isReservedVariable(name) &&
      !(isSecretMissing && name === secret),
  );
  if (missing.length > 0) onEvent({ type: 'variables-missing', target, names: missing });
}
