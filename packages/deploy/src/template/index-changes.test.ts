import { describe, expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { createTemplate, templateText } from './create-template.ts';
import { checkIndexes, indexChanges } from './index-changes.ts';

const table = '@app\nx\n@tables\nrooms\n  id *String';
const byOwner = 'rooms\n  owner *String\n  name byOwner';
const byAge = 'rooms\n  age *Number\n  name byAge';
const byName = 'rooms\n  title *String\n  name byName';

async function deployed(...indexes: readonly string[]): Promise<string> {
  return templateText(createTemplate(inputOf(await appOf([table, '@tables-indexes', ...indexes].join('\n')))));
}

describe('DynamoDB takes', () => {
  test.for([
    { why: 'no change', from: [byOwner, byAge], to: [byAge, byOwner] },
    { why: 'one more', from: [byOwner], to: [byOwner, byAge] },
    { why: 'one less', from: [byOwner, byAge], to: [byAge] },
  ])('$why', async ({ from, to }) => {
    const [before, after] = [await deployed(...from), await deployed(...to)];
    expect(indexChanges(before, after)).toEqual([]);
    checkIndexes(before, after);
  });

  test('a new stack or a new table with any indexes', async () => {
    const after = await deployed(byOwner, byAge, byName);
    expect(indexChanges(undefined, after)).toEqual([]);
    expect(indexChanges('AWSTemplateFormatVersion: 2010-09-09', after)).toEqual([]);
    expect(indexChanges(templateText(createTemplate(inputOf(await appOf('@app\nx')))), after)).toEqual([]);
  });

  test.for([
    { why: 'other keys', text: '@app\nx\n@tables\nrooms\n  name *String' },
    { why: 'a key of another type', text: '@app\nx\n@tables\nrooms\n  id *Number' },
  ])('a table that is made anew for $why', async ({ text }) => {
    const before = templateText(createTemplate(inputOf(await appOf(text))));
    expect(indexChanges(before, await deployed(byOwner, byAge))).toEqual([]);
  });
});

describe('DynamoDB refuses', () => {
  test.for([
    {
      why: 'two more',
      from: [],
      to: [byOwner, byAge],
      sentence: 'Table rooms would get the index byOwner, get the index byAge.',
    },
    {
      why: 'two less',
      from: [byOwner, byAge],
      to: [],
      sentence: 'Table rooms would lose the index byOwner, lose the index byAge.',
    },
    {
      why: 'another name',
      from: [byOwner],
      to: [byOwner.replace('byOwner', 'owners')],
      sentence: 'Table rooms would get the index owners, lose the index byOwner.',
    },
    {
      why: 'another projection',
      from: [byOwner],
      to: [`${byOwner}\n  projection keys`],
      sentence: 'Table rooms would lose the index byOwner and get it anew.',
    },
    {
      why: 'other keys',
      from: [byOwner, byAge],
      to: [byOwner, 'rooms\n  age *Number\n  at **Number\n  name byAge'],
      sentence: 'Table rooms would lose the index byAge and get it anew.',
    },
  ])('$why', async ({ from, to, sentence }) => {
    const [before, after] = [await deployed(...from), await deployed(...to)];
    expect(indexChanges(before, after)).toEqual([sentence]);
    expect(() => checkIndexes(before, after)).toThrow(
      expect.objectContaining({ code: 'INDEXES_AT_ONCE', message: expect.stringContaining(sentence) }),
    );
  });

  test('them in a table of SAM too', async () => {
    const { Resources } = JSON.parse(await deployed(byOwner, byAge));
    const bare = (indexes: readonly object[]) => {
      const { Properties } = Resources.RoomsTable;
      const RoomsTable = {
        Properties: { ...Properties, GlobalSecondaryIndexes: indexes },
        Type: 'AWS::DynamoDB::Table',
      };
      return JSON.stringify({ Resources: { RoomsTable, HTTP: { Type: 'AWS::Serverless::HttpApi' } } });
    };
    const { GlobalSecondaryIndexes } = Resources.RoomsTable.Properties;
    expect(indexChanges(bare([]), bare(GlobalSecondaryIndexes))).toEqual([
      'Table RoomsTable would get the index byOwner, get the index byAge.',
    ]);
    expect(indexChanges(bare(GlobalSecondaryIndexes.toReversed()), bare(GlobalSecondaryIndexes))).toEqual([]);
  });
});
