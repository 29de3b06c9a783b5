import { describeProblems, type App } from '@furrow/manifest';
import { describeCount } from '../report/units.ts';
import type { Diagnosis } from './examine.ts';
import type { Finding } from './finding.ts';

const headings: Readonly<Record<Finding['outcome'], string>> = {
  'not-run': 'Will not run',
  'on-aws': 'Likely to fail on AWS',
  later: 'Runs today, and not for long',
};

/** The diagnosis as a person reads it: what runs, then each outcome with its places. Pure. */
export function describeDiagnosis({ app, findings, isBuilt }: Diagnosis): string {
  const runs = app === undefined ? [] : [['Will run', ...whatRuns(app).map((line) => `  ${line}`)].join('\n')];
  const blocks = (['not-run', 'on-aws', 'later'] as const).flatMap((outcome) => {
    const found = findings.filter((each) => each.outcome === outcome);
    return found.length === 0 ? [] : [`${headings[outcome]}\n\n${describeProblems(found)}`];
  });
  const notBuilt = isBuilt ? [] : ['Functions were not built: the manifest has to be mended first.'];
  return [...runs, ...blocks, ...notBuilt, conclusion(findings)].join('\n\n');
}

/** Whether something has to be mended before the app runs, here and on AWS. */
export function mustMend(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function conclusion(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `To mend: ${describeCount(errors, 'place')}.`;
  return findings.length > 0 ? 'Nothing else has to be mended.' : 'Nothing to mend.';
}

/** What of the app runs, a line for each kind of thing. */
export function whatRuns(app: App): readonly string[] {
  const { functions, tables, static: files } = app;
  const labels = (kind: string) => functions.filter((each) => each.kind === kind).map(({ label }) => label);
  const ws = labels('ws');
  const named = [
    ...(ws.length > 0 ? [`ws ${ws.join(' ')}`] : []),
    ...labels('http').map((label) => `http ${label}`),
    ...functions.filter(({ kind }) => kind !== 'ws' && kind !== 'http').map(({ label }) => label),
  ];
  return [
    ...(named.length > 0 ? [`${describeCount(functions.length, 'function')}: ${named.join(', ')}`] : []),
    ...(tables.length > 0
      ? [`${describeCount(tables.length, 'table')}: ${tables.map(({ name }) => name).join(' ')}`]
      : []),
    ...(files.isServed ? [`static files of ${files.folder}`] : []),
  ];
}
