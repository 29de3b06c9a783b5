import { describe, expect, test } from 'vitest';
import { ownLibrary, usedMembers } from './used-members.ts';

const imported = `import arc from '@architect/functions';\n`;
const required = `const arc = require('@architect/functions')\n`;

describe('what a module uses', () => {
  test.for([
    { why: 'imported', text: `${imported}arc.ws.send({})`, used: ['ws'] },
    { why: 'required', text: `${required}exports.handler = () => arc.ws.send({})`, used: ['ws'] },
    { why: 'required with let and a semicolon', text: `let a = require("@architect/functions");\na.ws`, used: ['ws'] },
    { why: 'under another name', text: `import $x from '@architect/functions'\n$x.tables()`, used: ['tables'] },
    { why: 'several', text: `${imported}arc.static('x'); arc.http.async(); arc . ws`, used: ['ws', 'http', 'static'] },
    { why: 'on the next line', text: `${imported}arc\n  .http`, used: ['http'] },
    { why: 'optionally', text: `${imported}arc?.http`, used: ['http'] },
    { why: 'nothing', text: imported, used: [] },
    { why: 'what is none', text: `${imported}arc.nothing`, used: [] },
    { why: 'a comment on its own line', text: `${imported}  // arc sandbox, arc.http\narc.ws`, used: ['ws'] },
    { why: 'the end of another name', text: `/* of app.arc. */\n${required}arc.ws; my.arc`, used: ['ws'] },
    { why: 'a comment behind code that names one', text: `${imported}f() // arc.http\narc.ws`, used: ['ws', 'http'] },
    {
      why: 'beside types',
      text: `import type { WsResult } from '@architect/functions';\n${imported}arc.ws`,
      used: ['ws'],
    },
    { why: 'a name that holds the name', text: `${imported}const search = 1; arc.ws; search; my.arcs`, used: ['ws'] },
    { why: 'a shadow of it', text: `${imported}const f = ({ arc }) => arc.tables; arc.ws`, used: undefined },
  ])('is seen: $why', ({ text, used }) => {
    expect(usedMembers(text, ownLibrary)).toEqual(used);
  });

  test.for([
    { why: 'the library is passed on', text: `${imported}help(arc)` },
    { why: 'it is exported', text: `module.exports = require('@architect/functions')` },
    { why: 'it is exported again', text: `export * from '@architect/functions'` },
    { why: 'it is taken apart', text: `const { ws } = require('@architect/functions')` },
    { why: 'it is taken apart later', text: `${imported}const { ws } = arc` },
    { why: 'it is spread', text: `${imported}const own = { ...arc }` },
    { why: 'a template holds what looks like a comment', text: `${imported}x = \`\n// \${arc}\n\`` },
    { why: 'a member is looked up', text: `${imported}arc[name]` },
    { why: 'a member is asked of the call', text: `const ws = require('@architect/functions').ws` },
    { why: 'the call goes on in the next line', text: `const ws = require('@architect/functions')\n  .ws` },
    { why: 'it is imported late', text: `const arc = await import('@architect/functions')` },
    { why: 'all of it is imported', text: `import * as arc from '@architect/functions'\narc.ws` },
    { why: 'more is imported beside it', text: `import arc, { http } from '@architect/functions'\narc.ws` },
    { why: 'it is required twice, once unseen', text: `${required}f(require('@architect/functions')); arc.ws` },
    { why: 'a comment stands between', text: `${imported}arc/* */.http` },
    { why: 'a type is asserted', text: `${imported}(arc as any).http; arc!.ws` },
    { why: 'letters are written as codes', text: `${imported}arc.\\u0068ttp` },
    { why: 'it is not there', text: 'arc.ws' },
  ])('cannot be seen when $why', ({ text }) => {
    expect(usedMembers(text, ownLibrary)).toBeUndefined();
  });
});

test.for([
  {
    why: 'some',
    text: `var AWS = require('aws-sdk')\nnew AWS.DynamoDB.DocumentClient(); AWS.config`,
    used: ['DynamoDB'],
  },
  { why: 'all of it under a name', text: `import * as AWS from "aws-sdk";\nnew AWS.SSM()`, used: ['SSM'] },
  { why: 'taken apart', text: `const { DynamoDB, config } = require('aws-sdk')\n`, used: ['DynamoDB'] },
  { why: 'taken apart deeply', text: `let {\n  DynamoDB: { x },\n} = require('aws-sdk')` },
  {
    why: 'taken apart under other names',
    text: `let {\n  DynamoDB: d, SSM: S,\n} = require('aws-sdk')`,
    used: ['DynamoDB', 'SSM'],
  },
  {
    why: 'imported by name',
    text: `import { DynamoDB as D, type SSM as S } from 'aws-sdk'`,
    used: ['DynamoDB', 'SSM'],
  },
  { why: 'the rest of it', text: `const { SSM, ...rest } = require('aws-sdk')\n` },
  { why: 'with a default', text: `const { SSM = 1 } = require('aws-sdk')\n` },
  { why: 'with a name that is made', text: `const { [name]: SSM } = require('aws-sdk')\n` },
  { why: 'another package beside it', text: `var AWS = require('aws-sdk')\nrequire('aws-sdk/clients/s3'); AWS.SSM` },
])('of another library: $why', ({ text, used }) => {
  expect(usedMembers(text, { name: 'aws-sdk', members: ['DynamoDB', 'SSM'], isOneObject: true })).toEqual(used);
});
