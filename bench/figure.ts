import { spread } from './statistics.ts';

export type Unit = 'ms' | 'messages/s' | 'deliveries/s' | 'connections/s' | 'kB' | 'MB';

/** What one subject had, a value a round. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** What is to be reached: by a value, or by its ratio to another one's where `against` names one. */
export type Bound = { readonly subject: string; readonly against?: string } & (
  | { readonly atMost: number }
  | { readonly atLeast: number }
);

/** Who could not be measured. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** Something that was measured: a row of the table for each bound. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
  readonly bounds: readonly Bound[];
  readonly missing: readonly Missing[];
}

export interface Verdict {
  readonly value: number;
  /** Where the bound is a ratio. */
  readonly baseline?: number;
  readonly ratio?: number;
  readonly isMet: boolean;
}

/** Holds the medians against a bound; `undefined` when one of the two was not measured. Pure. */
export function judge({ series }: Figure, bound: Bound): Verdict | undefined {
  const medianOf = (name: string) => {
    const found = series.find((each) => each.name === name);
    return found === undefined || found.values.length === 0 ? undefined : spread(found.values).median;
  };
  const value = medianOf(bound.subject);
  if (value === undefined) return undefined;
  const isWithin = (measured: number) => ('atMost' in bound ? measured <= bound.atMost : measured >= bound.atLeast);
  if (bound.against === undefined) return { value, isMet: isWithin(value) };
  const baseline = medianOf(bound.against);
  if (baseline === undefined) return undefined;
  const ratio = value / baseline;
  return { value, baseline, ratio, isMet: isWithin(ratio) };
}
