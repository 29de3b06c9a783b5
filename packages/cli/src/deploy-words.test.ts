import { describe, expect, test } from 'vitest';
import { readDeployWords, type DeployFlags } from './deploy-words.ts';

const suggest = (word: string) => (word === 'jion' || word === 'join' ? 'join' : word === 'get' ? 'get /' : undefined);
const staging = { kind: 'deploy', stage: 'staging', functions: [], tags: undefined };

interface Row {
  readonly words: readonly string[];
  readonly flags?: DeployFlags;
  readonly request: object;
}

describe('what is typed behind arc deploy', () => {
  test.for<Row>([
    { words: [], request: staging },
    { words: ['staging'], request: staging },
    { words: ['production'], request: { ...staging, stage: 'production' } },
    { words: [], flags: { production: true }, request: { ...staging, stage: 'production' } },
    { words: ['production'], flags: { production: true }, request: { ...staging, stage: 'production' } },
    { words: ['dirty'], request: { ...staging, kind: 'dirty' } },
    { words: ['dirty', 'join', 'get', '/'], request: { ...staging, kind: 'dirty', functions: ['join', 'get', '/'] } },
    { words: ['dirty', 'staging'], request: { ...staging, kind: 'dirty' } },
    {
      words: ['src/ws/join'],
      flags: { dirty: true },
      request: { ...staging, kind: 'dirty', functions: ['src/ws/join'] },
    },
    {
      words: ['src/ws/join'],
      flags: { direct: true },
      request: { ...staging, kind: 'dirty', functions: ['src/ws/join'] },
    },
    { words: [], flags: { static: true }, request: { ...staging, kind: 'static' } },
    { words: [], flags: { static: true, prune: true }, request: { ...staging, kind: 'static' } },
    { words: ['production'], flags: { static: true }, request: { ...staging, kind: 'static', stage: 'production' } },
    { words: [], flags: { dryRun: true }, request: { ...staging, kind: 'package' } },
    { words: ['production'], flags: { eject: true }, request: { ...staging, kind: 'package', stage: 'production' } },
    { words: [], flags: { tags: 'one=1' }, request: { ...staging, tags: { one: '1' } } },
    { words: [], flags: { tags: ['one=1', 'two=a=b'] }, request: { ...staging, tags: { one: '1', two: 'a=b' } } },
    { words: ['two=2'], flags: { tags: 'one=1' }, request: { ...staging, tags: { one: '1', two: '2' } } },
  ])('$words $flags', ({ words, flags = {}, request }) => {
    expect(readDeployWords(words, flags, suggest)).toEqual(request);
  });
});

describe('a typing mistake deploys nothing', () => {
  test.for([
    { words: ['prodution'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy production"\?$/ },
    { words: ['Production'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy production"\?$/ },
    { words: ['drity'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy dirty"\?$/ },
    { words: ['static'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy --static"\?$/ },
    { words: ['join'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy dirty join"\?$/ },
    { words: ['get'], code: 'DEPLOY_WORD', fix: /^Did you mean "arc deploy dirty "get \/""\?$/ },
    { words: ['zzzzzzzzz'], code: 'DEPLOY_WORD', fix: /arc deploy --help/ },
    { words: ['production', 'zzzzzzzzz'], code: 'DEPLOY_WORD', fix: /arc deploy --help/ },
    { words: ['one=1'], code: 'DEPLOY_WORD', fix: /arc deploy --help/ },
    { words: ['staging', 'production'], code: 'DEPLOY_TWICE', fix: /^Leave out one of them\.$/ },
    { words: ['staging'], flags: { production: true }, code: 'DEPLOY_TWICE', fix: /^Leave out one of them\.$/ },
    { words: ['dirty', 'production'], code: 'DEPLOY_TWICE', fix: /staging only/ },
    { words: ['dirty'], flags: { production: true }, code: 'DEPLOY_TWICE', fix: /staging only/ },
    { words: ['dirty'], flags: { static: true }, code: 'DEPLOY_TWICE', fix: /staging only/ },
    { words: ['dirty'], flags: { prune: true }, code: 'DEPLOY_TWICE', fix: /functions of staging only/ },
    { words: ['dirty'], flags: { tags: 'a=1' }, code: 'DEPLOY_TWICE', fix: /functions of staging only/ },
    { words: ['dirty'], flags: { allowDataLoss: true }, code: 'DEPLOY_TWICE', fix: /functions of staging only/ },
    { words: [], flags: { static: true, tags: 'a=1' }, code: 'DEPLOY_TWICE', fix: /static files only/ },
    { words: [], flags: { static: true, allowDataLoss: true }, code: 'DEPLOY_TWICE', fix: /static files only/ },
    { words: ['dirty', 'join'], flags: { dryRun: true }, code: 'DEPLOY_TWICE', fix: /^Leave out one of them\.$/ },
    { words: ['dirty', 'join'], flags: { eject: true }, code: 'DEPLOY_TWICE', fix: /^Leave out one of them\.$/ },
    { words: [], flags: { tags: 'novalue' }, code: 'OPTION_VALUE', fix: /--help/ },
    { words: [], flags: { tags: '=1' }, code: 'OPTION_VALUE', fix: /--help/ },
  ])('$words $flags', ({ words, code, fix, flags = {} }) => {
    const error = { code, fix: expect.stringMatching(fix) };
    expect(() => readDeployWords(words, flags, suggest)).toThrow(expect.objectContaining(error));
  });
});
