import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

const read = (text: string) => interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}` });

const neverSent = ['.DS_Store', 'node_modules', 'readme.md', 'static.json'];
const defaults = {
  isServed: true,
  folder: 'public',
  prefix: undefined,
  ignore: neverSent,
  fingerprint: false,
  spa: false,
  compression: undefined,
  prune: false,
};

describe('@static', () => {
  test.for<{ text: string; says: object }>([
    { text: '@http', says: {} },
    { text: '@ws', says: { isServed: false } },
    { text: '@static', says: {} },
    { text: '@static\ntrue', says: {} },
    { text: '@static\nfalse', says: { isServed: false } },
    { text: '@http\n@static\ndisable', says: { isServed: false } },
    { text: '@http\n@static\ndisabled', says: { isServed: false } },
    { text: '@static\nfolder ./x/../../web/dist/', says: { folder: '../web/dist' } },
    { text: '@static\nfolder /dist', says: { folder: 'dist' } },
    { text: '@static\nfolder dist/web', says: { folder: 'dist/web' } },
    { text: '@static\nprefix v1/assets', says: { prefix: 'v1/assets' } },
    { text: '@static\nignore\n  zip\n  drafts/', says: { ignore: [...neverSent, 'zip', 'drafts/'] } },
    { text: '@static\nignore zip tar', says: { ignore: [...neverSent, 'zip', 'tar'] } },
    { text: '@static\nfingerprint true', says: { fingerprint: true } },
    { text: '@static\nfingerprint false', says: { fingerprint: false } },
    { text: '@static\nfingerprint external', says: { fingerprint: 'external' } },
    { text: '@static\nspa true\nprune true', says: { spa: true, prune: true } },
    { text: '@static\ncompression true', says: { compression: 'br' } },
    { text: '@static\ncompression br', says: { compression: 'br' } },
    { text: '@static\ncompression gzip', says: { compression: 'gzip' } },
    { text: '@static\ncompression false', says: {} },
    { text: '@static\nstaging a-bucket\nproduction b.bucket', says: { staging: 'a-bucket', production: 'b.bucket' } },
  ])('$text', async ({ text, says }) => {
    const found = await read(text);
    if (!found.ok) throw new Error(JSON.stringify(found.problems));
    expect(found.problems).toEqual([]);
    expect(found.app.static).toEqual({ ...defaults, ...says });
  });

  test.for([
    { text: 'fingerprint yes', problem: 'SETTING_VALUE 4:13' },
    { text: 'spa maybe', problem: 'SETTING_VALUE 4:5' },
    { text: 'compression zip', problem: 'SETTING_VALUE 4:13' },
    { text: 'prefix ../x', problem: 'SETTING_VALUE 4:8' },
    { text: 'prefix /x', problem: 'SETTING_VALUE 4:8' },
    { text: 'prefix x/', problem: 'SETTING_VALUE 4:8' },
    { text: 'ignore', problem: 'SETTING_VALUE 4:1' },
    { text: 'folder ..', problem: 'PATH_INVALID 4:8' },
    { text: 'compress true', problem: 'SETTING_UNKNOWN 4:1' },
    { text: 'staging A_bucket', problem: 'SETTING_VALUE 4:9' },
    { text: 'production', problem: 'SETTING_VALUE 4:1' },
  ])('$text: $problem', async ({ text, problem }) => {
    const { problems } = await read(`@static\n${text}`);
    expect(problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([problem]);
  });
});
