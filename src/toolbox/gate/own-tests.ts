import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolFiles, ToolManifest } from '../../domain/tool.ts';
import type { ToolCells, ToolRun, ToolRunResult } from '../../sandbox/cells.ts';
import { visible } from './finding.ts';
import { checked } from './row.ts';
import { failedTestsIn, testCountsIn } from './test-counts.ts';

const megabyte = 1024 * 1024;
/** Tests are many calls at once, and their own runner. */
const limits: ToolRun['limits'] = {
  timeoutMs: 60_000,
  memoryBytes: 1024 * megabyte,
  cpuSeconds: 60,
  processes: 128,
  fileBytes: 64 * megabyte,
  outputBytes: megabyte,
};

export type OwnTestsSetting = {
  readonly cells: Pick<ToolCells, 'run'>;
  readonly manifest: ToolManifest;
  readonly files: ToolFiles;
  readonly folder: string;
  readonly signal: AbortSignal;
};

/** Runs the tool's own tests, and reads from the runner how many there were and how they ended. */
export async function checkOwnTests({ cells, manifest, files, folder, signal }: OwnTestsSetting): Promise<GateRow> {
  const programs = testPrograms(manifest, files);
  if (typeof programs === 'string') return checked('own-tests', 'none were found', [programs]);
  const findings: string[] = [];
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const program of programs) {
    // Tests start the tool as whoever calls it does; they get no other right.
    const permissions = { read: [], write: [], hosts: [], env: [], subprocess: true };
    const purpose = `the gate, running the tests of the tool ${manifest.name}`;
    const result = await cells.run({ program, folder, input: '', env: {}, permissions, limits, purpose }, signal);
    const output = `${result.stdout}\n${result.stderr}`;
    const counts = testCountsIn(output);
    sum.passed += counts?.passed ?? 0;
    sum.failed += counts?.failed ?? 0;
    sum.skipped += counts?.skipped ?? 0;
    const problem = problemOf(result, counts !== undefined);
    if (problem !== undefined) findings.push(`${visible(program.join(' '), 100)}: ${problem}`);
    findings.push(...failedTestsIn(output).map((name) => `failed: ${visible(name, 300)}`));
  }
  if (sum.failed > 0 && findings.length === 0) findings.push(`${counted(sum.failed, 'test')} failed`);
  if (sum.passed === 0) findings.push('no test passed: a tool without tests of its own is not taken');
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  return checked('own-tests', `${counted(sum.passed, 'test')} passed, ${sum.failed} failed${skipped}`, findings);
}

type Program = ToolRun['program'];

/** A text tells why there are none. */
function testPrograms({ language, testCommand }: ToolManifest, files: ToolFiles): readonly Program[] | string {
  const [program, ...args] = testCommand ?? [];
  if (program !== undefined) return [[program, ...args]];
  if (language === 'node') return [['node', '--test', '--test-reporter=tap']];
  if (language === 'command') return 'a tool of the language "command" has to name its testCommand';
  const suites = new Map<string, Program>();
  for (const path of files.keys()) {
    const [, folder = '', name = ''] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
    const pattern = /^test.*\.py$/.test(name) ? 'test*.py' : /_test\.py$/.test(name) ? '*_test.py' : undefined;
    if (pattern === undefined) continue;
    // Each folder by itself: `test` is a package of Python's own, and hides a folder of that name.
    const place = folder === '' ? '.' : folder;
    const discover = ['-m', 'unittest', 'discover', '-s', place, '-t', place, '-p', pattern];
    suites.set(`${place} ${pattern}`, ['python3', ...discover]);
  }
  return suites.size === 0 ? 'there is no file test*.py or *_test.py' : [...suites.values()];
}

function problemOf(
  { exitCode, notStarted, timedOut, truncated, limit, stderr }: ToolRunResult,
  wasRead: boolean,
): string | undefined {
  if (notStarted !== undefined) return `they could not be started: ${notStarted}`;
  if (timedOut) return `they took longer than ${limits.timeoutMs / 1000} s`;
  if (truncated || limit !== undefined) return `they went beyond the limit of ${limit ?? 'output'}`;
  if (!wasRead)
    return `how many tests ran could not be read from what was printed (TAP, node --test, unittest and pytest are known); it ended with exit code ${exitCode} ${visible(stderr.trim(), 150)}`;
  return exitCode === 0 ? undefined : `ended with exit code ${exitCode}`;
}
