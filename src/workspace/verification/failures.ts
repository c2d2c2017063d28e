import { stripVTControlCharacters } from 'node:util';
import { isRed, type TestReport, type TestRun } from '../../domain/test-run.ts';
import type { FailedTest } from './runner.ts';

type ReadRun = TestRun & { readonly failedTests?: readonly FailedTest[] };

const wholeBudget = 6000;
const messageBudget = 1200;
/** What is looked at of a message; a report may hold megabytes for one test. */
const longestMessage = 20_000;
const leastUsefulPart = 300;

/**
 * What a model is told so that it can mend: every red run with its counts, the tests that its report names, and the part of
 * its output that matters. At most about 6,000 characters, without terminal codes; empty when nothing is red.
 */
export function failuresOf(report: Omit<TestReport, 'runs'> & { readonly runs: readonly ReadRun[] }): string {
  const red = report.runs.filter(isRed);
  let left = wholeBudget;
  const parts = red.map((run, index) => {
    const part = describe(run, Math.floor(left / (red.length - index)));
    left -= part.length + 2;
    return part;
  });
  return parts.join('\n\n');
}

function describe(run: ReadRun, budget: number): string {
  const heading = headingOf(run).slice(0, budget);
  const named = namedTests(run.failedTests ?? [], budget - heading.length);
  const left = budget - heading.length - named.length - 20;
  // What the report names is in the output as well, but a file that did not compile may be in the output alone.
  const output = left < leastUsefulPart ? '' : relevantPart(stripVTControlCharacters(run.output), left);
  return [heading, named, output === '' ? '' : `Output:\n${output}`].filter((part) => part !== '').join('\n');
}

function headingOf(run: TestRun): string {
  const ending = run.timedOut
    ? 'was stopped because its time was up'
    : run.exitCode === null
      ? 'was ended by a signal'
      : `ended with exit code ${run.exitCode}`;
  const counts =
    run.evidence === 'report'
      ? `${run.passed} passed, ${run.failed} failed, ${run.skipped} skipped`
      : 'no counts were reported';
  const place = run.directory === '.' ? 'the workspace' : run.directory;
  return `\`${run.command}\` in ${place} ${ending} (${counts}).`;
}

function namedTests(tests: readonly FailedTest[], budget: number): string {
  const lines: string[] = [];
  const perMessage = Math.min(messageBudget, Math.floor(budget / 2));
  let left = budget - 60;
  for (const [index, { name, message }] of tests.entries()) {
    const body = shortened(
      withoutForeignFrames(stripVTControlCharacters(message.slice(0, longestMessage))).trim(),
      perMessage,
    );
    const entry = `- ${name}${body === '' ? '' : `\n${body.replace(/^/gm, '    ')}`}`;
    if (entry.length > left) {
      lines.push(`… and ${tests.length - index} more failures`);
      break;
    }
    lines.push(entry);
    left -= entry.length + 1;
  }
  return lines.join('\n');
}

/** The calls inside a test runner say nothing about the code under test. */
function withoutForeignFrames(message: string): string {
  return message.replace(/^\s+at .*(?:\/node_modules\/|\bnode:internal\/|\(<anonymous>\)).*\n?/gm, '');
}

/** From the first sign of an error on, and the end, where most runners sum up. */
function relevantPart(output: string, budget: number): string {
  const text = output.trim();
  if (text.length <= budget) return text;
  const sign = /^.*(?:\berror\b|\bFAIL(?:ED)?\b|Error:|Traceback|panicked).*$/im.exec(text);
  const from = text.slice(sign?.index ?? text.length);
  if (from.length <= budget) return text.slice(-budget);
  const tail = Math.floor((budget - 3) / 2);
  return sign ? `${from.slice(0, budget - 3 - tail)}\n…\n${text.slice(-tail)}` : text.slice(-budget);
}

/** JavaScript tells the reason first, python last. */
function shortened(text: string, budget: number): string {
  if (text.length <= budget) return text;
  const half = Math.floor(budget / 2);
  return `${text.slice(0, half)}\n…\n${text.slice(-half)}`;
}
