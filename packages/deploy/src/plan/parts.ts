import { parseTemplate, record, text } from '../template/read-template.ts';

/** What a resource of a template is, in the app's own words; written into its metadata by `template/`. */
export interface Part {
  /** `function`, `route`, `permission`, `table`, `static`, `api`, ... */
  readonly part: string;
  /** `ws/join`, the name of a table; empty for what belongs to the whole app. */
  readonly name: string;
  /** `join`, `get /` */
  readonly label: string;
}

/** A resource as far as a plan looks at it. */
export interface KnownResource {
  readonly type: string;
  readonly part: Part | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether it stays when the stack lets go of it. */
  readonly isRetained: boolean;
  /** Whether it stays when CloudFormation puts another one in its place. */
  readonly isRetainedOnReplace: boolean;
}

/** `RetainExceptOnCreate` lets go only of what a failed deploy has just made. */
const retaining = new Set(['Retain', 'RetainExceptOnCreate']);

/** The resources of a template, by logical id. A text that is no template has none. Pure. */
export function readResources(templateText: string | undefined): ReadonlyMap<string, KnownResource> {
  const resources = record(parseTemplate(templateText ?? '{}')['Resources']);
  return new Map(
    Object.entries(resources).map(([id, value]) => {
      const resource = record(value);
      const known = {
        type: text(resource['Type']),
        part: readPart(record(record(resource['Metadata'])['Furrow'])),
        properties: record(resource['Properties']),
        isRetained: retaining.has(text(resource['DeletionPolicy'])),
        isRetainedOnReplace: resource['UpdateReplacePolicy'] === 'Retain',
      };
      return [id, known] as const;
    }),
  );
}

function readPart(value: Readonly<Record<string, unknown>>): Part | undefined {
  const part = text(value['part']);
  if (part === '') return undefined;
  return { part, name: text(value['name']), label: text(value['label']) };
}
