import { judge, type Bound, type Figure, type Missing, type Series, type Unit } from './figure.ts';
import { spread } from './statistics.ts';

/** Where and with what it was measured. */
export interface Setting {
  /** ISO 8601, the day. */
  readonly date: string;
  readonly machine: string;
  readonly cpus: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly rounds: number;
  /** Name and version, Node's and the peers'. */
  readonly versions: readonly string[];
}

/** A row that gave figures, or the reason why it did not. */
export interface RowResult {
  readonly id: string;
  readonly figures: readonly Figure[];
  readonly failure?: string;
  /** The highest share of a core that the client needed; 0 where it was not asked. */
  readonly clientCpuShare: number;
  readonly durationMs: number;
}

/** A figure as people read it: as many digits as mean something. */
export function show(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '-';
  const decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  const number = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${unit === 'ms' && value < 1 ? value.toFixed(3) : number} ${unit}`;
}

function cells(...texts: readonly string[]): string {
  // A bar in the text of an error would end its cell.
  return `| ${texts.map((text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
}

function describeBound(bound: Bound, unit: Unit): string {
  const number = 'atMost' in bound ? `at most ${bound.atMost}` : `at least ${bound.atLeast}`;
  return bound.against === undefined ? `${number} ${unit}` : number;
}

function boundRow(id: string, figure: Figure, bound: Bound): string {
  const verdict = judge(figure, bound);
  const wanted = describeBound(bound, figure.unit);
  const what = `\`${id}\` ${figure.what}`;
  if (verdict === undefined) return cells(what, bound.subject, '-', bound.against ?? '', '-', wanted, 'not measured');
  const { value, baseline, ratio, isMet } = verdict;
  const against = baseline === undefined ? '' : `${bound.against}: ${show(baseline, figure.unit)}`;
  const met = isMet ? 'yes' : '**no**';
  return cells(what, bound.subject, show(value, figure.unit), against, ratio?.toFixed(2) ?? '', wanted, met);
}

function seriesRow(id: string, { what, unit }: Figure, { name, values }: Series): string {
  const { median, least, most } = spread(values);
  const range = `${show(least, unit)} to ${show(most, unit)}`;
  return cells(`\`${id}\` ${what}`, name, show(median, unit), range, String(values.length));
}

function missingRows(results: readonly RowResult[]): readonly string[] {
  const failed = results.flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ id, name: 'all', why: failure }],
  );
  const left = results.flatMap(({ id, figures }) =>
    figures.flatMap(({ missing }) => missing.map((each: Missing) => ({ id, ...each }))),
  );
  const rows = [...failed, ...left].map(({ id, name, why }) => cells(`\`${id}\``, name, why.slice(0, 300)));
  if (rows.length === 0) return [];
  // Figures of one row miss the same ones.
  return ['', 'Not measured:', '', '| row | who | why |', '| --- | --- | --- |', ...new Set(rows)];
}

function clientShares(results: readonly RowResult[]): readonly string[] {
  const shares = results
    .filter(({ clientCpuShare }) => clientCpuShare > 0)
    .map(({ id, clientCpuShare }) => `\`${id}\` ${Math.round(clientCpuShare * 100)} %`);
  return shares.length === 0 ? [] : [`The client needed at most this share of a core: ${shares.join(', ')}.`];
}

/** The tables in Markdown: what was to be reached, then all that was measured. Pure. */
export function describeResults(results: readonly RowResult[], setting: Setting): string {
  const figures = results.flatMap(({ id, figures: all }) => all.map((figure) => ({ id, figure })));
  const { date, machine, cpus, memoryGigabytes, system, rounds, versions } = setting;
  return [
    `${date}: ${machine}, ${cpus} CPUs, ${memoryGigabytes} GB, ${system}. ${versions.join(', ')}.`,
    `Medians of ${rounds} rounds, unless the second table says otherwise.`,
    ...clientShares(results),
    '',
    '| what | who | median | against | ratio | to reach | met |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...figures.flatMap(({ id, figure }) => figure.bounds.map((bound) => boundRow(id, figure, bound))),
    ...missingRows(results),
    '',
    'All that was measured:',
    '',
    '| what | who | median | least to most | values |',
    '| --- | --- | --- | --- | --- |',
    ...figures.flatMap(({ id, figure }) => figure.series.map((series) => seriesRow(id, figure, series))),
  ].join('\n');
}

export const beginMarker = '<!-- figures: npm run bench -- --save -->';
export const endMarker = '<!-- end of figures -->';

/** The page with the text between its markers replaced. Pure. */
export function placeFigures(page: string, text: string): string {
  const beginAt = page.indexOf(beginMarker);
  const endAt = page.indexOf(endMarker);
  if (beginAt === -1 || endAt < beginAt) throw new Error(`Expected ${beginMarker} and ${endMarker} in the page.`);
  return `${page.slice(0, beginAt)}${beginMarker}\n\n${text}\n\n${page.slice(endAt)}`;
}
