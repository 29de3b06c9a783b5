import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSandbox, sandboxSettings } from '@furrow/sandbox';
import { openTemporaryFolder } from '../test/support/temporary-folder.ts';
import { expectedFailures } from './autobahn/expected.ts';
import { describeVerdict, judge, type Report } from './autobahn/judge.ts';
import { findPython, installPackages } from './autobahn/python.ts';
import { echoApp } from './support/echo-app.ts';

/** Framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, and long messages; not performance and compression. */
const sections = ['1.*', '2.*', '3.*', '4.*', '5.*', '6.*', '7.*', '10.*'];
const caseCount = 247;
const longestRunMs = 5 * 60_000;
const agent = 'arc sandbox';
const cacheFolder = join(import.meta.dirname, '..', '.cache', 'autobahn');

/** Runs the fuzzing client against an echo; resolves with what it says of each case. */
async function runCases(python: string, url: string): Promise<Report> {
  const packages = await installPackages(python, cacheFolder);
  const reports = join(cacheFolder, 'reports');
  const spec = join(cacheFolder, 'spec.json');
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const servers = [{ agent, url }];
  await writeFile(
    spec,
    JSON.stringify({ outdir: reports, servers, cases: sections, 'exclude-cases': [], 'exclude-agent-cases': {} }),
  );
  // Packages in a folder of their own, those with a namespace among them, which the search path alone would not find.
  const program = `import site; site.addsitedir(${JSON.stringify(packages)}); from autobahntestsuite.wstest import run; run()`;
  await promisify(execFile)(python, ['-s', '-W', 'ignore', '-c', program, '--mode', 'fuzzingclient', '--spec', spec], {
    cwd: cacheFolder,
    timeout: longestRunMs,
    maxBuffer: 10_000_000,
  });
  const index: Readonly<Record<string, Report>> = JSON.parse(await readFile(join(reports, 'index.json'), 'utf8'));
  return index[agent] ?? {};
}

async function main(argv: readonly string[]): Promise<number> {
  const python = await findPython();
  if (python === undefined) {
    process.stderr.write(
      'No Python 2.7 with pip was found, and Autobahn’s test suite runs on nothing newer.\n' +
        'Fix: install it, for instance with "pyenv install 2.7.18"; it need not be the one that is chosen.\n',
    );
    return 1;
  }
  await using folder = await openTemporaryFolder(echoApp);
  const failures: string[] = [];
  await using sandbox = await openSandbox({
    ...sandboxSettings({ port: '0' }, {}),
    projectDir: folder.path,
    env: { PATH: process.env['PATH'], HOME: folder.path },
    isWatching: false,
    onEvent: (event) => {
      if ('failure' in event && event.failure !== undefined) failures.push(JSON.stringify(event.failure));
    },
  });
  await sandbox.built;
  const startedAtMs = performance.now();
  const report = await runCases(python, sandbox.webSocketUrl?.replace('localhost', '127.0.0.1') ?? '');
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  const verdict = judge(report, expectedFailures, caseCount);
  const problems = [...verdict.problems, ...failures.map((failure) => `A handler failed: ${failure}`)];
  const text = [
    '# Autobahn’s fuzzing client',
    '',
    `${new Date().toISOString().slice(0, 10)}, autobahntestsuite 0.8.2, sections ${sections.join(' ')}, ${seconds} s.`,
    'Run again: `npm run autobahn -- --save`.',
    '',
    describeVerdict({ ...verdict, problems }, expectedFailures),
    '',
  ].join('\n');
  process.stdout.write(text);
  if (argv.includes('--save')) await writeFile(join(import.meta.dirname, 'results', 'autobahn.md'), text);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
