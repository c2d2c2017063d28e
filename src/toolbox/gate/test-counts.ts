/** How many tests came to which end in one run. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * The counts in what a test runner printed: of Node in TAP or its own form, unittest, pytest, and what else prints TAP.
 * Undefined when there is nothing of that kind in it.
 */
export function testCountsIn(output: string): TestCounts | undefined {
  return tapCounts(output) ?? specCounts(output) ?? unittestCounts(output) ?? pytestCounts(output);
}

/** The names of the tests that failed, as far as the output tells. */
export function failedTestsIn(output: string): readonly string[] {
  const tap = [...output.matchAll(/^[ \t]*not ok \d+ (?:- )?(.+)$/gm)].map(([, name = '']) => name);
  const python = [...output.matchAll(/^(?:FAIL|ERROR): (.+)$/gm)].map(([, name = '']) => name);
  const error = [...output.matchAll(/^[ \t]*error: (?:\|-\n[ \t]*)?(.+)$|^(\w*Error: .+)$/gm)].map(
    ([, one, other]) => one ?? other ?? '',
  );
  return [...tap, ...python].map((name, index) => (error[index] ? `${name}: ${error[index]}` : name));
}

function tapCounts(output: string): TestCounts | undefined {
  if (!/^TAP version|^1\.\.\d+|^[ \t]*(?:not )?ok \d+/m.test(output)) return undefined;
  const points = [...output.matchAll(/^[ \t]*(not ok|ok) \d+ ?(?:- )?(.*?)(?: # (SKIP|TODO)\b.*)?$/gim)];
  // Of a file without tests Node says that it passed; that is no test.
  const tests = points.filter(([, , name = '']) => !/^\/\S+\.[cm]?[jt]s$/.test(name.trim()));
  const suites = Number(/^# suites (\d+)$/m.exec(output)?.[1] ?? 0);
  const skipped = tests.filter(([, , , directive]) => directive !== undefined).length;
  const failed = points.filter(([, verdict, , directive]) => verdict === 'not ok' && directive === undefined).length;
  const passed = tests.filter(([, verdict, , directive]) => verdict === 'ok' && directive === undefined).length;
  return { passed: Math.max(0, passed - suites), failed, skipped };
}

function specCounts(output: string): TestCounts | undefined {
  const count = (word: string) =>
    Number(new RegExp(`^[^\\w\\n]{0,5}${word} (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN);
  const [passed, failed, skipped] = [count('pass'), count('fail'), count('skipped')];
  return Number.isNaN(passed) || Number.isNaN(failed) ? undefined : { passed, failed, skipped: skipped || 0 };
}

function unittestCounts(output: string): TestCounts | undefined {
  const runs = [...output.matchAll(/^Ran (\d+) tests? in [\d.]+s\n+(OK|FAILED|NO TESTS RAN)?(?: \((.*)\))?/gm)];
  if (runs.length === 0) return undefined;
  const counts = runs.map(([, ran = '0', , told = '']) => {
    const number = (word: string) => Number(new RegExp(`\\b${word}=(\\d+)`).exec(told)?.[1] ?? 0);
    const failed = (/(?<!expected )failures=(\d+)/.exec(told) ? number('failures') : 0) + number('errors');
    const skipped = number('skipped') + number('expected failures');
    return { passed: Math.max(0, Number(ran) - failed - skipped), failed, skipped };
  });
  return counts.reduce((one, other) => ({
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }));
}

function pytestCounts(output: string): TestCounts | undefined {
  const summary =
    /^=* ?((?:\d+ (?:passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?)(?:, )?)+) in [\d.]+s/m.exec(
      output,
    )?.[1];
  if (summary === undefined) return undefined;
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  return { passed: number('passed'), failed: number('failed') + number('errors?'), skipped: number('skipped') };
}
