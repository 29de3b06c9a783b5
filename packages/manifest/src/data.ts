import type { Place } from './tree.ts';

/** A value of a JSON or YAML file and where it stands. `unread` is what a manifest has no use for, such as an alias. */
export type DataNode =
  | {
      readonly kind: 'scalar';
      /** As written, quotes and escapes resolved: `1.10` stays `1.10`. */
      readonly text: string;
      readonly value: string | number | boolean | null;
      readonly at: Place;
    }
  | { readonly kind: 'list'; readonly items: readonly DataNode[]; readonly at: Place }
  | { readonly kind: 'map'; readonly entries: readonly DataEntry[]; readonly at: Place }
  | { readonly kind: 'unread'; readonly what: string; readonly at: Place };

/** A key and its value. A key may stand in one map twice. */
export interface DataEntry {
  readonly key: DataNode;
  readonly value: DataNode;
}
