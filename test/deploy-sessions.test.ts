import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openVisitor } from '../examples/sessions/test/visitor.ts';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`examples/sessions on AWS${reason}`, () => {
  let project: AwsProject;
  let pageUrl: string;
  let socketUrl: string;

  beforeAll(async () => {
    project = await openAwsProject({ example: 'sessions' });
    const secret = await project.quickArc('env add ARC_APP_SECRET --env staging', { input: 'x'.repeat(44) });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    const isDone = secret.exitCode === 0 && exitCode === 0 && errors === '';
    if (!isDone) throw new Error(`The example is not deployed.\n${secret.errors}${output}${errors}`);
    const apiId = /https:\/\/([^.]+)\./.exec(output)?.[1] ?? '';
    pageUrl = project.emulator.httpUrl(apiId);
    socketUrl = /wss:\S+/.exec(output)?.[0] ?? '';
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('log in, count, open a socket with the ticket, log out', { timeout: 120_000 }, async () => {
    const ann = openVisitor(pageUrl);
    expect(await ann.open('/')).toMatchObject({ path: '/login', status: 200 });
    expect(await ann.submit('/login', { name: 'Ann' })).toMatchObject({ path: '/', status: 200 });
    expect(ann.setCookies).toEqual([expect.stringMatching(/^_idx=[\w.-]+; .*; HttpOnly; Secure; SameSite=Lax$/)]);
    expect((await ann.submit('/count')).html).toContain('<output id=count>1</output>');

    const { url } = Object(await ann.json('/socket'));
    expect(url).toMatch(/\?ticket=[\w.-]+$/);
    expect(url).toContain(`${socketUrl}?`);
    await using connection = await project.emulator.connect(url);
    expect(await connection.ask('Who am I?')).toEqual({ text: 'You are Ann' });

    // The emulator refuses with 403, whatever the function says.
    await expect(project.emulator.connect(socketUrl)).rejects.toThrow('Unexpected server response: 403');
    await expect(project.emulator.connect(`${url}x`)).rejects.toThrow('Unexpected server response: 403');

    expect(await ann.submit('/logout')).toMatchObject({ path: '/login' });
    expect(await ann.open('/')).toMatchObject({ path: '/login' });
    expect(await ann.json('/socket')).toEqual({ url: null });
  });
});
