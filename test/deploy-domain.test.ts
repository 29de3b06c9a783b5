import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const handler = 'exports.handler = async () => ({ statusCode: 200 })\n';
const manifest = '@app\ntestapp\n@ws\nconnect false\ndisconnect false\n@http\nget /\n@aws\nregion us-west-2\n';
const domain =
  'domain chat.example.com\ncertificate arn:aws:acm:us-west-2:123456789012:certificate/1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d\n';

describe.skipIf(missing !== undefined)(`a domain of one's own on AWS${reason}`, () => {
  let project: AwsProject;

  beforeAll(async () => {
    project = await openAwsProject({
      files: {
        'app.arc': manifest + domain,
        'src/ws/default/index.js': handler,
        'src/http/get-index/index.js': handler,
        'public/a.txt': 'a',
      },
    });
  });
  afterAll(() => project?.[Symbol.asyncDispose]());

  test(
    'production says its names and what the DNS needs, and leaves the domain again',
    { timeout: 120_000 },
    async () => {
      const deployed = await project.quickArc('deploy production');
      expect(deployed).toMatchObject({ exitCode: 0, errors: '' });
      const ends = [
        String.raw`  page     https://chat\.example\.com`,
        String.raw`  socket   wss://ws\.chat\.example\.com/production`,
        String.raw`  dns      chat\.example\.com     CNAME (\S+\.amazonaws\.com), or an alias in Route 53 \(zone \w+\)`,
        String.raw`           ws\.chat\.example\.com  CNAME (\S+\.amazonaws\.com), or an alias in Route 53 \(zone \w+\)`,
      ];
      expect(deployed.output).toMatch(new RegExp(`\n${ends.join('\n')}\n$`));
      expect((await project.quickArc('info production')).output).toMatch(new RegExp(`\n${ends.join('\n')}\n`));

      await project.folder.write('app.arc', manifest);
      const left = await project.quickArc('deploy production');
      expect(left).toMatchObject({ exitCode: 0, errors: '' });
      expect(left.output).toMatch(
        /\n {2}page {5}https:\/\/\w+\.execute-api\..+\n {2}socket {3}wss:\/\/\w+\.execute-api\..+\n$/,
      );
    },
  );
});
