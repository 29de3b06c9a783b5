import type { Reporter } from 'vitest/node';

/** Ends a run with one plain line any CI can read: `tests: 11 passed, 0 failed, 0 skipped`. */
export default class TallyReporter implements Reporter {
  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules) => {
    const tally = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const testCase of module.children.allTests()) tally[testCase.result().state] += 1;
    }
    console.log(`tests: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  };
}
