import { styleText } from 'node:util';
import type { World } from '../world.ts';

/** The few styles of the house: dim for what stays the same, bold for what changed, red for what needs a person. */
export interface Style {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Colours for a person at a terminal; none in a pipe, with NO_COLOR, or on a dumb terminal. */
export function createStyle({ isTerminal, env }: Pick<World, 'isTerminal' | 'env'>): Style {
  const isColoured = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const style = (format: 'dim' | 'bold' | 'red') => (text: string) => (isColoured ? styleText(format, text) : text);
  return { dim: style('dim'), bold: style('bold'), red: style('red') };
}
