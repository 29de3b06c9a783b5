import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { preferenceFindings, variableFindings } from './local-settings.ts';

const short = (findings: readonly Finding[]) =>
  findings.map(({ outcome, code, line, column, length }) => `${outcome} ${code} ${line}:${column}+${length}`);

test.for([
  { text: '@sandbox\ncoldstart true\n', finds: ['not-run PREFERENCE_UNREAD 2:1+14'] },
  { text: '@sandbox\r\npersist true\r\nports\r\n  events 4000\r\n', finds: ['not-run PREFERENCE_UNREAD 4:3+11'] },
  { text: '@sandbox\npersist true\nexternal-db true\nports\n  tables 8000\nseed-data x.json', finds: [] },
  { text: '@env\ntesting\n  KEY value\n', finds: [] },
  { text: '@sandbox-start\nnpm run css\n', finds: ['not-run PREFERENCE_UNREAD 1:1+14'] },
  { text: '', finds: [] },
])('preferences: $text', ({ text, finds }) => {
  expect(short(preferenceFindings({ file: 'preferences.arc', text }))).toEqual(finds);
});

test.for([
  { text: 'API_KEY=1\nAWS_REGION=us-east-1\n', finds: ['not-run VARIABLE_RESERVED 2:1+10'] },
  { text: 'export ARC_ENV=staging', finds: ['not-run VARIABLE_RESERVED 1:8+7'] },
  { text: 'ARC_WSS_URL = x', finds: ['not-run VARIABLE_RESERVED 1:1+11'] },
  { text: '# AWS_REGION=x\nARC_APP_SECRET=x\nARC_SESSION_TABLE_NAME=y\nTZ=UTC\nMY_AWS_REGION=z', finds: [] },
])('.env: $text', ({ text, finds }) => {
  expect(short(variableFindings({ file: '.env', text }))).toEqual(finds);
});
