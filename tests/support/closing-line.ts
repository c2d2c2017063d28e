import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line of counts, after the names of everything that was skipped. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: 'passed' | 'failed' | 'skipped') => tests.filter((test) => test.result().state === state);
    const skipped = inState('skipped');
    // A module that cannot be loaded, or an error outside every test, has no test to be counted by.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    for (const test of skipped) console.log(`skipped: ${test.fullName}`);
    const failed = inState('failed').length + broken;
    console.log(
      `${inState('passed').length} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
    );
  }
}
