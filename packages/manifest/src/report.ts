import type { Problem } from './app.ts';
import type { Place } from './tree.ts';

/** A problem before it knows its file. */
export interface Fault extends Pick<Problem, 'severity' | 'code' | 'message'> {
  readonly at: Place;
  readonly fix: string | (() => string);
}

/** Collects the faults of one file. Keeps a bounded number of them, counts all. */
export interface Report {
  /** Takes a fault. One that overlaps an earlier error is left out: a broken word is one problem, not three. */
  add(fault: Fault): void;
  readonly faults: readonly Fault[];
  /** How many were taken, kept or not. */
  readonly total: number;
  readonly hasErrors: boolean;
}

/** More than any person reads; keeps a megabyte of garbage from becoming a million objects. */
const maxKept = 500;

/** An empty report. */
export function createReport(): Report {
  const faults: Fault[] = [];
  const errorsByLine = new Map<number, Fault[]>();
  let total = 0;
  let hasErrors = false;

  return {
    faults,
    get total() {
      return total;
    },
    get hasErrors() {
      return hasErrors;
    },
    add(fault) {
      const isKept = faults.length < maxKept;
      const neighbours = errorsByLine.get(fault.at.line) ?? [];
      if (isKept && neighbours.some((earlier) => overlaps(earlier.at, fault.at))) return;
      total += 1;
      hasErrors ||= fault.severity === 'error';
      if (!isKept) return;
      faults.push(fault);
      if (fault.severity === 'error') errorsByLine.set(fault.at.line, [...neighbours, fault]);
    },
  };
}

function overlaps(one: Place, other: Place): boolean {
  if (one.length === 0 || other.length === 0) return false;
  return one.column < other.column + other.length && other.column < one.column + one.length;
}
