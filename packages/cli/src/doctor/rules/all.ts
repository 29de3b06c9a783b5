import type { Rule } from '../finding.ts';
import { browserMessage } from './browser-message.ts';
import { libraryMember } from './library-member.ts';
import { resultMalformed } from './result-malformed.ts';
import { sdkMissing } from './sdk-missing.ts';
import { sendBeforeOpen } from './send-before-open.ts';
import { sendUnawaited } from './send-unawaited.ts';
import { variableGone } from './variable-gone.ts';
import { writeUnawaited } from './write-unawaited.ts';

/** Every rule about a source. */
export const rules: readonly Rule[] = [
  browserMessage,
  libraryMember,
  resultMalformed,
  sdkMissing,
  sendBeforeOpen,
  sendUnawaited,
  variableGone,
  writeUnawaited,
];
