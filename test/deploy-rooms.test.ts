import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinAs, patience } from '../examples/rooms/test/member.ts';
import { ghost, openRoomsTable } from '../examples/rooms/test/rooms-table.ts';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(`examples/rooms on AWS${reason}`, () => {
  let project: AwsProject;
  let socketUrl: string;
  const openMember = async (room: string, name: string) =>
    joinAs(await project.emulator.connect(socketUrl), room, name);

  beforeAll(async () => {
    project = await openAwsProject({ example: 'rooms' });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    if (exitCode !== 0 || errors !== '') throw new Error(`The example is not deployed.\n${output}${errors}`);
    socketUrl = /wss:\S+/.exec(output)?.[0] ?? '';
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('people meet, a lost disconnect is noticed, and who goes is gone', { timeout: 120_000 }, async () => {
    using table = await openRoomsTable(project.emulator.client);
    const names = async () => (await table.all()).map(({ name }) => name).toSorted();
    await using ann = await openMember('lobby', 'Ann');
    const ben = await openMember('lobby', 'Ben');
    await using eve = await openMember('garden', 'Eve');
    await expect.poll(ann.people, patience).toEqual(['Ann', 'Ben']);

    await table.put(ghost(Math.floor(Date.now() / 1000) + 3600));
    ben.send({ room: 'lobby', text: 'hello' });
    await expect.poll(names, patience).toEqual(['Ann', 'Ben', 'Eve']);
    await expect.poll(ann.lines, patience).toEqual(['Ben: hello']);

    await ben.close();
    await expect.poll(ann.people, patience).toEqual(['Ann']);
    expect(await names()).toEqual(['Ann', 'Eve']);
    expect([eve.people(), eve.lines()]).toEqual([['Eve'], []]);
  });
});
