import { describe, expect, test } from 'vitest';
import { appOf } from '../../test/support/template-input.ts';
import { identify, variableParameter } from './logical-ids.ts';

async function idsOf(manifest: string, adopted: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(identify(await appOf(`@app\nx\n${manifest}`), new Map(Object.entries(adopted))));
}

const hashed = (id: string) => expect.stringMatching(new RegExp(`^${id}[0-9a-f]{8}$`));

describe('an id', () => {
  test.for([
    { route: 'join', id: 'Join' },
    { route: 'join-room', id: 'JoinRoom' },
    { route: 'a1-b2', id: 'A1B2' },
    { route: 'joinRoom', id: hashed('JoinRoom') },
    { route: 'Join', id: hashed('Join') },
    { route: 'join_room', id: hashed('JoinRoom') },
    { route: 'join.room', id: hashed('JoinRoom') },
    { route: 'join/room', id: hashed('JoinRoom') },
    { route: 'join--room', id: hashed('JoinRoom') },
    { route: '-join', id: hashed('Join') },
    { route: 'join-1', id: hashed('Join1') },
    { route: '1', id: hashed('1') },
    { route: '_', id: hashed('') },
    { route: 'join-1a2b3c4d', id: hashed('Join1a2b3c4d') },
    { route: 'join1a2b3c4d', id: hashed('Join1a2b3c4d') },
    { route: 'a'.repeat(255), id: hashed(`A${'a'.repeat(199)}`) },
  ])('of @ws $route', async ({ route, id }) => {
    expect((await idsOf(`@ws\n${route}\n  src lib/x`))[`ws/${route}`]).toEqual(id);
  });

  test.for([
    { route: 'get /', name: 'get-index', id: 'GetIndex' },
    { route: 'get /rooms', name: 'get-rooms', id: 'GetRooms' },
    { route: 'get /rooms/list', name: 'get-rooms-list', id: 'GetRoomsList' },
    { route: 'get /rooms-list', name: 'get-rooms_list', id: hashed('GetRoomsList') },
    { route: 'get /rooms/:id', name: 'get-rooms-000id', id: 'GetRooms000id' },
    { route: 'get /rooms000id', name: 'get-rooms000id', id: hashed('GetRooms000id') },
    { route: 'get /:roomId', name: 'get-000roomId', id: hashed('Get000roomId') },
    { route: 'any /*', name: 'any-catchall', id: 'AnyCatchall' },
    { route: 'get /A', name: 'get-A', id: hashed('GetA') },
  ])('of @http $route', async ({ route, name, id }) => {
    expect((await idsOf(`@http\n${route}`))[`http/${name}`]).toEqual(id);
  });

  test.for([
    { name: 'rooms', id: 'Rooms' },
    { name: 'user-names', id: 'UserNames' },
    { name: 'userNames', id: hashed('UserNames') },
    { name: 'static-bucket', id: hashed('StaticBucket') },
    { name: 'websocket-wss', id: hashed('WebsocketWss') },
  ])('of the table $name', async ({ name, id }) => {
    expect((await idsOf(`@tables\n${name}\n  id *String`))[`tables/${name}`]).toEqual(id);
  });

  test('is that of the deployed stack where there is one', async () => {
    const adopted = { 'ws/a.b': 'AB', 'tables/a_b': 'AB', 'ws/gone': 'Gone' };
    const ids = await idsOf('@ws\na.b\na-b\n@tables\na_b\n  id *String', adopted);
    expect(ids).toMatchObject({ 'ws/a.b': 'AB', 'ws/a-b': hashed('AB'), 'tables/a_b': 'AB' });
    expect(ids).not.toHaveProperty('ws/gone');
  });

  test('that two functions would share is a bug', async () => {
    await expect(idsOf('@ws\njoin\nleave', { 'ws/join': 'Same', 'ws/leave': 'Same' })).rejects.toThrow('not unique');
  });
});

describe('the parameter', () => {
  test.for([
    { name: 'API_KEY', id: 'ApiKeyVariable' },
    { name: 'APIKEY', id: 'ApikeyVariable' },
    { name: 'Api_Key', id: hashed('ApiKey') },
    { name: 'api_key', id: hashed('ApiKey') },
    { name: 'API__KEY', id: hashed('ApiKey') },
    { name: 'API_1', id: hashed('Api1') },
    { name: 'API1', id: 'Api1Variable' },
    { name: '_', id: hashed('') },
  ])('of $name', ({ name, id }) => {
    const parameter = variableParameter(name);
    expect(parameter).toMatch(/^[a-zA-Z0-9]+Variable$/);
    expect(typeof id === 'string' ? parameter : parameter.replace(/Variable$/, '')).toEqual(id);
  });
});
