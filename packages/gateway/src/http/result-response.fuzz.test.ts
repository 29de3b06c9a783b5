import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { httpResponse, type HttpResponse } from './result-response.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
/** What a handler's answer can be when it comes out of the pipe: JSON. */
const json = fc.jsonValue();
const name = fc.oneof(
  text,
  fc.constantFrom(
    'Content-Type',
    'content-type',
    'Content-Length',
    'Transfer-Encoding',
    'Set-Cookie',
    'x a',
    '__proto__',
  ),
);
const value = fc.oneof(text, fc.constantFrom('a\r\nb: c', 'é', '\u20ac', 'text/html', '0', 'chunked'), json);
const result = fc.record(
  {
    statusCode: fc.oneof(fc.integer({ min: 95, max: 605 }), fc.integer().map(String), json),
    headers: fc.oneof(fc.dictionary(name, value), fc.dictionary(fc.stringMatching(/^[a-z-]{1,9}$/), fc.string()), json),
    cookies: fc.oneof(fc.array(text), json),
    body: fc.oneof(text, fc.base64String(), json),
    isBase64Encoded: fc.oneof(fc.boolean(), json),
    extra: json,
  },
  { requiredKeys: [] },
);
const returned = fc.oneof(json, result, result);

test('any result is a response that HTTP can carry', () => {
  fc.assert(
    fc.property(returned, (answer) => {
      const { statusCode, headers, problem } = httpResponse({ type: 'returned', value: answer });
      expect(statusCode).toBeGreaterThanOrEqual(200);
      expect(statusCode).toBeLessThanOrEqual(599);
      expect(problem === undefined || statusCode === 500).toBe(true);
      for (const [header, sent] of headers) {
        expect(header).toMatch(/^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/);
        expect(sent).not.toMatch(/[\r\n\0]/);
        expect(['content-length', 'transfer-encoding', 'connection']).not.toContain(header.toLowerCase());
      }
    }),
    fuzzRuns(1000),
  );
});

test('Node writes it as it is', async () => {
  let answer: HttpResponse;
  const server = createServer((_request, response) => {
    response.writeHead(answer.statusCode, answer.headers.flat());
    response.end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const ask = async () => {
    const [response]: IncomingMessage[] = await once(get({ port, agent: false }), 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response ?? []) chunks.push(chunk);
    return { statusCode: response?.statusCode, body: Buffer.concat(chunks) };
  };
  await fc.assert(
    fc.asyncProperty(returned, async (sent) => {
      answer = httpResponse({ type: 'returned', value: sent });
      const got = await ask();
      expect(got.statusCode).toBe(answer.statusCode);
      const hasBody = answer.statusCode !== 204 && answer.statusCode !== 304;
      expect(got.body.toString('hex')).toBe(hasBody ? answer.body.toString('hex') : '');
    }),
    fuzzRuns(150),
  );
  server.close();
});
