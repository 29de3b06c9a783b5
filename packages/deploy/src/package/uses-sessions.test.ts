import { expect, test } from 'vitest';
import { usesSessions } from './uses-sessions.ts';

const arc = `const arc = require('@architect/functions')\n`;

test.for([
  {
    texts: [`${arc}exports.handler = arc.http.async(async () => ({ session: { a: 1 }, location: '/' }))`],
    expected: true,
  },
  {
    texts: [`${arc}exports.handler = arc.http(fn)\nfunction fn(req, res) { res({ html: '', session }) }`],
    expected: true,
  },
  { texts: [`${arc}exports.handler = async (event) => arc.http.session.read(event)`], expected: true },
  {
    texts: [`import { http } from '@architect/functions'\nexport const handler = http(async (req) => req.session.a)`],
    expected: true,
  },
  {
    texts: [`${arc}exports.handler = arc.http.async(login)`, 'module.exports = (req) => ({ session: {} })'],
    expected: true,
  },
  { texts: [`${arc}exports.handler = arc.http.async(async () => ({ html: '' }))`], expected: false },
  { texts: [`${arc}// session: later\n/* req.session */\nexports.handler = arc.http.async(fn)`], expected: false },
  { texts: [`${arc}exports.handler = async () => arc.ws.send({ id, payload: { session: 1 } })`], expected: false },
  { texts: ['exports.handler = async (req) => http(req.session)'], expected: false },
  { texts: [], expected: false },
])('$texts: $expected', ({ texts, expected }) => expect(usesSessions(texts)).toBe(expected));
