import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runArc } from './support/arc.ts';
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

  test('a stage without what the app needs is told so before anything is asked', async () => {
    await project.folder.write('prefs.arc', '@env\nproduction\n  API_KEY x\n  ARC_APP_NAME x\nstaging\n  OTHER x\n');
    const { output } = await runArc(['deploy', 'production'], {
      cwd: project.folder.path,
      env: project.proxy.env,
      answer: 'n',
    });
    const note = output.slice(output.indexOf('  note '), output.indexOf('  plan '));
    expect(note).toMatch(
      /use sessions, and production has no ARC_APP_SECRET: .+\n +openssl rand .+ --env production\n/,
    );
    expect(note).toContain(
      'names what AWS does not have: API_KEY is not set\n           npx arc env add API_KEY --env',
    );
    expect(note).not.toMatch(/OTHER|ARC_APP_NAME|default|disconnect/);
    const staging = await project.quickArc('deploy');
    expect(staging.output).toContain('staging of the preferences names what AWS does not have: OTHER is not set');
    expect(staging.output).not.toContain('ARC_APP_SECRET');
  });

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
