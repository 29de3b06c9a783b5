/** Where something stands. Lines and columns count from 1, in UTF-16 units; `length` 0 means the file as a whole. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One word of a manifest: `text` is what names are made of, `value` what settings are. */
export interface Word {
  readonly text: string;
  readonly value: string | number | boolean;
  readonly at: Place;
  /** Whether it may name a folder outside of the project: a plugin gave it. */
  readonly isAnyFolder?: boolean;
}

/**
 * One line of a pragma with what is indented below it. The four shapes of the grammar are readings of it:
 * one word is a scalar, several a tuple, a word with one-word children a vector, with longer children a map.
 */
export interface Item {
  readonly words: readonly [Word, ...Word[]];
  readonly children: readonly Item[];
}

/** `@ws` and its items; `isOff` when a JSON or YAML file says `false` instead. */
export interface Pragma {
  readonly name: string;
  readonly at: Place;
  readonly items: readonly Item[];
  readonly isOff: boolean;
}
