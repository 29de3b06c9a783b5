import type { Row, TestedRow } from './row.ts';

interface Section {
  readonly title: string;
  /** The first and last id. */
  readonly from: string;
  readonly to: string;
}

const sections: readonly Section[] = [
  { title: 'Handshake', from: 'T001', to: 'T028' },
  { title: 'End of a connection', from: 'T029', to: 'T039' },
  { title: 'Doors, stages, throttles', from: 'T040', to: 'T045' },
  { title: 'Events', from: 'T046', to: 'T066' },
  { title: 'Routes', from: 'T067', to: 'T079' },
  { title: 'Results and error frames', from: 'T080', to: 'T097' },
  { title: '`@connections`', from: 'T098', to: 'T119' },
  { title: 'Limits and control frames', from: 'T120', to: 'T132' },
  { title: 'Authorization', from: 'T133', to: 'T147' },
  { title: 'Functions', from: 'T148', to: 'T154' },
  { title: 'What is deployed', from: 'T155', to: 'T162' },
];

export interface FidelityOptions {
  readonly rows: readonly Row[];
  /** What the emulator does otherwise than AWS, by id. */
  readonly emulatorGaps: ReadonlyMap<string, string>;
}

/** The page that says how near to AWS the sandbox is, made from the table. */
export function fidelityPage({ rows, emulatorGaps }: FidelityOptions): string {
  const tested = rows.filter(isTested);
  const ours = tested.filter(({ isOurChoice }) => isOurChoice);
  const leftOut = rows.filter((row) => !isTested(row));
  const byEmulator = tested.filter((row) => runsAtEmulator(row, emulatorGaps));
  return [
    '# Fidelity',
    '',
    '<!-- Made from conformance/: npx vitest run conformance/fidelity.test.ts -u -->',
    '',
    'An app that works in the sandbox should work on AWS, and one that fails there should fail here in the same way. Each',
    'line below is one rule of API Gateway or Lambda, where it is known from, and a test of it: a black box, which gets the',
    'URL of a stage and nothing else.',
    '',
    '| rules | |',
    '| --- | --- |',
    `| ${rows.length} | in all |`,
    `| ${tested.length - ours.length} | shown in the sandbox by a test, and stated by AWS or seen on it |`,
    `| ${ours.length} | shown in the sandbox by a test, and [our choice](#where-aws-says-nothing), because AWS says nothing |`,
    `| ${leftOut.length} | [not offered](#not-offered) |`,
    `| ${byEmulator.length} | shown on [an emulator of AWS](#the-emulator) as well, deployed by \`arc deploy\` |`,
    '',
    'No rule was run on a real account by us. Anybody with one can do it:',
    '',
    '```',
    'npm run conformance -- --write /tmp/conformance',
    'cd /tmp/conformance && npx arc deploy',
    'npm run conformance -- --target aws --url wss://…',
    '```',
    '',
    'Rows that need a clock are left out there: nobody waits for ten minutes. The same table, here: `npm run conformance`.',
    '',
    ...sections.flatMap((section) => sectionLines(section, tested, emulatorGaps)),
    '## Where AWS says nothing',
    '',
    'AWS publishes nothing of these, and nobody has shown what it does. They are chosen so that what works here has the best',
    'chance to work there.',
    '',
    '| id | what Furrow does |',
    '| --- | --- |',
    ...ours.map(({ id, rule }) => `| ${id} | ${cell(rule)} |`),
    '',
    '## Not offered',
    '',
    '| id | rule of AWS | why not |',
    '| --- | --- | --- |',
    ...leftOut.map((row) => `| ${row.id} | ${cell(row.rule)} | ${cell('leftOut' in row ? row.leftOut : '')} |`),
    '',
    '## The emulator',
    '',
    'MiniStack 1.5.33, which others wrote, runs what `arc deploy` made. It has no clock that moves and shows no logs, and it',
    'does these otherwise than AWS:',
    '',
    '| what it does | rules |',
    '| --- | --- |',
    ...gapLines(emulatorGaps),
    '',
  ].join('\n');
}

function isTested(row: Row): row is TestedRow {
  return !('leftOut' in row);
}

function sectionLines(
  { title, from, to }: Section,
  tested: readonly TestedRow[],
  gaps: ReadonlyMap<string, string>,
): readonly string[] {
  const rows = tested.filter(({ id }) => id >= from && id <= to);
  if (rows.length === 0) return [];
  return [
    `## ${title}`,
    '',
    '| id | rule | sandbox | emulator | known from |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => {
      const emulator = runsAtEmulator(row, gaps) ? 'yes' : '-';
      const rule = cell(row.rule) + (row.isOurChoice ? ' ▶' : '');
      return `| ${row.id} | ${rule} | yes | ${emulator} | ${knownFrom(row)} |`;
    }),
    '',
  ];
}

function runsAtEmulator({ id, needs = [] }: TestedRow, gaps: ReadonlyMap<string, string>): boolean {
  return needs.length === 0 && !gaps.has(id);
}

/** Links are short; the rest stands as it is. */
function knownFrom({ source, isOurChoice }: TestedRow): string {
  if (isOurChoice) return 'our choice';
  if (!source.startsWith('https://')) return cell(source);
  const { hostname, pathname } = new URL(source);
  const [owner, repository, kind, number] = pathname.slice(1).split('/');
  const isIssue = hostname === 'github.com' && kind === 'issues';
  const label = isIssue ? `${owner}/${repository}#${number}` : labelOf(hostname, pathname);
  return `[${cell(label)}](${source})`;
}

function labelOf(hostname: string, pathname: string): string {
  const page = pathname.split('/').findLast((part) => part !== '') ?? '';
  if (hostname === 'docs.aws.amazon.com') return page.replace(/\.html$/, '');
  return hostname === 'github.com' ? pathname.slice(1).split('/').slice(0, 2).join('/') : hostname;
}

/** Rules that lack for the same reason, on one line. */
function gapLines(gaps: ReadonlyMap<string, string>): readonly string[] {
  const reasons = [...new Set(gaps.values())];
  return reasons.map((reason) => {
    const ids = [...gaps].filter(([, each]) => each === reason).map(([id]) => id);
    return `| ${cell(reason)} | ${ids.toSorted((a, b) => (a < b ? -1 : 1)).join(', ')} |`;
  });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
