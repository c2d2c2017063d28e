import type { TestCounts } from './test-run.ts';

type Runner = 'node' | 'vitest' | 'jest' | 'mocha' | 'pytest' | 'unittest' | 'cargo' | 'go';

/**
 * The counts in what a command printed, when the command runs tests. They are only good to tell a person what an agent's own
 * run said of itself: anything can print such lines, so they prove nothing.
 *
 * @param command as it was given to a shell
 * @returns undefined for a command that runs no tests, and for output without a summary
 */
export function testsInOutput(command: string, output: string): TestCounts | undefined {
  const text = output.slice(-longestOutput).replace(terminalCodes, '').replace(/\r\n?/g, '\n');
  const found = new Map<Runner, TestCounts>();
  for (const runners of runnersIn(command)) {
    for (const runner of runners) {
      const counts = readers[runner](text);
      if (!counts) continue;
      found.set(runner, counts);
      break;
    }
  }
  if (found.size === 0) return undefined;
  return [...found.values()].reduce(plus);
}

/** Longer ones are cut: summaries stand at the end, and a command of this length is no test command. */
const longestOutput = 1024 * 1024;
const longestCommand = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes begin with a control character.
const terminalCodes = /\u001b\[[0-9;?]*[A-Za-z]/g;

const anyRunner: readonly Runner[] = ['vitest', 'jest', 'mocha', 'node', 'pytest', 'cargo', 'go', 'unittest'];

const programs: readonly (readonly [RegExp, readonly Runner[]])[] = [
  [/^(?:node|tsx)\s(?:.*\s)?--test(?:\s|=|$)/, ['node']],
  [/^(?:node\s(?:.*\s)?)?(?:\S*\/)?vitest(?:\.mjs)?(?:\s|$)/, ['vitest']],
  [/^(?:node\s(?:.*\s)?)?(?:\S*\/)?jest(?:\.js)?(?:\s|$)/, ['jest']],
  [/^react-scripts\s+test\b/, ['jest']],
  [/^(?:node\s(?:.*\s)?)?(?:\S*\/)?_?mocha(?:\.js)?(?:\s|$)/, ['mocha']],
  [/^(?:\S*\/)?(?:pytest|py\.test)(?:\s|$)/, ['pytest']],
  [/^(?:\S*\/)?python[\d.]*\s(?:.*\s)?-m\s+pytest\b/, ['pytest']],
  [/^(?:\S*\/)?python[\d.]*\s(?:.*\s)?(?:-m\s+unittest\b|manage\.py\s+test\b)/, ['unittest']],
  [/^(?:\S*\/)?python[\d.]*\s+\S*test\S*\.py\b/, ['unittest', 'pytest']],
  [/^cargo\s+(?:\+\S+\s+)?(?:-\S+\s+)*(?:test|t)(?:\s|$)/, ['cargo']],
  [/^go\s+test(?:\s|$)/, ['go']],
  [/^node\s+\S*test\S*\.[cm]?[jt]s\b/, ['node']],
  [
    /^(?:npm|pnpm|yarn|bun)\s(?!(?:install|i|add|view|info|show|remove|uninstall)\s)(?:.*\s)?(?:test|t|tst)(?::\S+)?(?:\s|$)/,
    anyRunner,
  ],
];

/** For every test command in a line of shell, the runners that may be behind it. */
function runnersIn(command: string): (readonly Runner[])[] {
  if (command.length > longestCommand) return [];
  const unwrapped = command.replace(/^\s*(?:\S*\/)?(?:ba|z|da)?sh\s+-\w*c\s+(['"])([\s\S]*)\1\s*$/, '$2');
  const quotesKept = unwrapped.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, (quoted) => quoted.replace(/[&|;\n]/g, ' '));
  return quotesKept.split(/&&|\|\||[;|&\n()]/).flatMap((segment) => {
    const program = withoutWrappers(segment);
    const known = programs.find(([pattern]) => pattern.test(program));
    return known ? [known[1]] : [];
  });
}

const wrappers = [
  /^[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s'"]*)\s+/,
  /^(?:time|exec|command|sudo|nice|nohup|env|cross-env|c8|nyc|xvfb-run)\s+/,
  /^timeout\s+(?:-\S+\s+)*[\d.]+[smh]?\s+/,
  /^(?:npx|bunx)\s+(?:-\S+\s+)*/,
  /^(?:npm|pnpm|yarn|bun)\s+(?:exec|dlx|x)\s+(?:-\S+\s+)*/,
  /^(?:uv|poetry|pipenv|pdm|hatch|rye)\s+run\s+(?:-\S+\s+)*/,
];

/** Takes away what only starts another program. */
function withoutWrappers(segment: string): string {
  let rest = segment.trim();
  for (;;) {
    const shorter = wrappers.reduce((text, wrapper) => text.replace(wrapper, ''), rest);
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

const readers: Readonly<Record<Runner, (text: string) => TestCounts | undefined>> = {
  node(text) {
    const mark = '(?:ℹ|#) ';
    const summary = new RegExp(
      `^${mark}tests \\d+\\n(?:${mark}suites \\d+\\n)?${mark}pass (\\d+)\\n${mark}fail (\\d+)\\n(?:${mark}cancelled (\\d+)\\n)?${mark}skipped (\\d+)\\n${mark}todo (\\d+)`,
      'gm',
    );
    return summed([...text.matchAll(summary)], ([passed, failed, cancelled, skipped, todo]) => ({
      passed,
      failed: failed + cancelled,
      skipped: skipped + todo,
    }));
  },
  vitest: (text) => listed([...text.matchAll(/^[ \t]*Tests[ \t]+(\d+ [^(\n]*)\(\d+\)[ \t]*$/gm)].at(-1)?.[1]),
  jest: (text) => listed([...text.matchAll(/^Tests:[ \t]+(.*\d+ total)[ \t]*$/gm)].at(-1)?.[1]),
  mocha(text) {
    const summary = [
      ...text.matchAll(/^ {2}(\d+) passing \([^)\n]*\)(?:\n {2}(\d+) pending)?(?:\n {2}(\d+) failing)?/gm),
    ];
    return summed(summary, ([passed, skipped, failed]) => ({ passed, failed, skipped }));
  },
  pytest: (text) => listed([...text.matchAll(/^=*[ \t]*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s\b.*$/gm)].at(-1)?.[1]),
  unittest(text) {
    const summary = [...text.matchAll(/^Ran (\d+) tests? in .*\n\n(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/gm)].at(-1);
    if (!summary) return undefined;
    const of = (kind: string) => Number(new RegExp(`(?:^|, )${kind}=(\\d+)`).exec(summary[3] ?? '')?.[1] ?? 0);
    const failed = of('failures') + of('errors') + of('unexpected successes');
    return { passed: Math.max(0, Number(summary[1]) - failed - of('skipped')), failed, skipped: of('skipped') };
  },
  cargo: (text) =>
    summed(
      [...text.matchAll(/^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)],
      ([passed, failed, skipped]) => ({ passed, failed, skipped }),
    ),
  go(text) {
    // Without -v, go does not say how many tests passed.
    if (!/^=== RUN /m.test(text)) return undefined;
    const count = (word: string) => [...text.matchAll(new RegExp(`^[ \\t]*--- ${word}: `, 'gm'))].length;
    return { passed: count('PASS'), failed: count('FAIL'), skipped: count('SKIP') };
  },
};

type Numbers = readonly [number, number, number, number, number];

function summed(
  matches: readonly RegExpMatchArray[],
  toCounts: (numbers: Numbers) => TestCounts,
): TestCounts | undefined {
  if (matches.length === 0) return undefined;
  const number = (match: RegExpMatchArray, group: number) => Number(match[group] ?? 0);
  return matches
    .map((match) =>
      toCounts([number(match, 1), number(match, 2), number(match, 3), number(match, 4), number(match, 5)]),
    )
    .reduce(plus);
}

/** Reads lists such as `1 failed | 2 passed`, in the words of vitest, jest and pytest. */
function listed(list: string | undefined): TestCounts | undefined {
  if (list === undefined) return undefined;
  const of = (...words: readonly string[]) =>
    [...list.matchAll(/(\d+) ([a-z]+)/g)].reduce(
      (sum, [, count, word = '']) => sum + (words.includes(word) ? Number(count) : 0),
      0,
    );
  return {
    passed: of('passed', 'xpassed'),
    failed: of('failed', 'error', 'errors'),
    skipped: of('skipped', 'todo', 'xfailed'),
  };
}

function plus(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
