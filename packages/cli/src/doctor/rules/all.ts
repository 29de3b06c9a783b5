import type { Rule } from '../finding.ts';
import { sendBeforeOpen } from './send-before-open.ts';
import { sendUnawaited } from './send-unawaited.ts';

/** Every rule about a source. */
export const rules: readonly Rule[] = [sendBeforeOpen, sendUnawaited];
