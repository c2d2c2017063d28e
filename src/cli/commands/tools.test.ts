import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gateChecks } from '../../domain/gate-report.ts';
import type { ToolProof } from '../../spiral/tools.ts';
import { type } from '../__fixtures__/scripted-system.ts';
import { toolExample, toolVersionExample } from '../__fixtures__/tools.ts';

const tools = async () => [toolExample()];
const never = { tools: async () => [] };

const proof: ToolProof = {
  report: {
    rows: gateChecks.map((check) => ({ check, verdict: 'passed', detail: 'as it should be', findings: [] })),
    isolation: 'bubblewrap',
    durationMs: 2_000,
  },
  isGreen: true,
  version: '1.1.0',
  newRights: ['read:$WORKSPACE'],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('without a tool the list says how one comes to be', async () => {
  const { exitCode, stdout } = await type(['tools'], never);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('There are no tools yet.');
  expect((await type(['tools', '--json'], never)).stdout).toBe('');
});

test('retired tools stand apart', async () => {
  const retired = toolExample({ status: 'retired' });
  const { stdout } = await type(['tools', 'list'], { tools: async () => [toolExample(), retired] });
  expect(stdout).toMatch(/csv-to-json +1\.1\.0 +12 +2 +never .*\n\n.*1 tool retired:\n.*\ncsv-to-json/);
});

test('a tool is shown with its rights, its versions and its manual', async () => {
  const { stdout } = await type(['tools', 'show', 'csv-to-json'], {
    tools,
    toolVersions: async () => [toolVersionExample('1.0.0'), toolVersionExample('1.1.0')],
    toolManual: async () => 'Give it \u001b[31mthe whole file.\n',
  });
  expect(stdout).toContain('Rights:   read:$WORKSPACE');
  expect(stdout).toContain('asked for by Developer (r3k8v1zx), written by Developer and QA, adopted by a person');
  expect(stdout).toMatch(/ {2}1\.0\.0 .*\n {4}asked for by .*\n {4}.*it only computes\n▶ 1\.1\.0/);
  expect(stdout).toContain('Manual:\nGive it the whole file.');
});

test('the change of a version is shown letter by letter, and nothing in it steers the terminal', async () => {
  const lines = ['--- a/index.mjs', '+++ b/index.mjs', '@@ -1,1 +1,1 @@', '-  one', '+  two\u001b[2J  three'];
  const toolChange = async () => ({ name: 'csv-to-json', version: '1.1.0', before: '1.0.0', lines });
  const { stdout } = await type(['tools', 'show', 'csv-to-json', '--diff'], { toolChange });
  expect(stdout).toBe(`🛠️  csv-to-json 1.1.0, after 1.0.0\n${lines.slice(0, 4).join('\n')}\n+  two  three\n`);
});

test.each<[string[], RegExp]>([
  [['show', 'nothing'], /There is no tool nothing/],
  [['history', '../x'], /There is no tool \.\.\/x/],
  [['rollback', 'csv-to-json', '1.1.0'], /is served already\.\n {3}There are 1\.0\.0, 1\.1\.0/],
  [['rollback', 'csv-to-json', '7.0.0'], /no version 7\.0\.0/],
  [['retire', 'csv-to-json'], /--reason/],
  [['retire', 'csv-to-json', '--reason', ' '], /reason is empty/],
  [['retire', 'nothing', '--reason', 'x'], /There is no tool/],
  [['restore', 'csv-to-json'], /is offered already/],
  [['call', 'csv-to-json', 'csv'], /The input is no JSON/],
  [['test', 'nothing'], /no tool and no folder nothing/],
  [['adopt', '.', '--cases', 'no-such-file.json'], /lies in the folder of the tool/],
  [['adopt', 'nowhere', '--cases', 'no-such-file.json'], /no such file/],
  [['what'], /unknown command|too many arguments/],
])('the mistake in tools %j is one line, with its cure', async (args, said) => {
  const { exitCode, stdout, stderr } = await type(['tools', ...args], { tools, restoreTool: async () => false });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(said);
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
});

test('a rollback goes to the version before, with its reason', async () => {
  const served: unknown[] = [];
  const { exitCode } = await type(['tools', 'rollback', 'csv-to-json', '--reason', 'it lost lines'], {
    tools,
    serveTool: async (...given) => served.push(given) > 0,
  });
  expect(exitCode).toBe(0);
  expect(served).toEqual([['csv-to-json', '1.0.0', 'it lost lines']]);
  const first = toolExample({ manifest: toolVersionExample('1.0.0').manifest });
  const none = await type(['tools', 'rollback', 'csv-to-json'], { tools: async () => [first] });
  expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('no version of csv-to-json before 1.0.0')]);
});

test.each([
  ['succeeded', 0, '[1]\n', ''],
  ['failed', 1, '', '❌ [1]\n'],
  ['unavailable', 1, '', '❌ [1]\n'],
  ['refused-input', 2, '', '❌ [1]\n   See what it takes: spiral tools show csv-to-json\n'],
] as const)('a call that %s ends with %d', async (outcome, code, out, errors) => {
  const asked: unknown[] = [];
  const { exitCode, stdout, stderr } = await type(['tools', 'call', 'csv-to-json', '{"csv": ""}', '-w', folder], {
    callTool: async (call) => {
      asked.push(call);
      return { text: '[1]', outcome };
    },
  });
  expect([exitCode, stdout, stderr]).toEqual([code, out, errors]);
  expect(asked).toEqual([{ name: 'csv-to-json', input: { csv: '' }, workspace: folder }]);
});

test('a name is tested as the tool that there is, and a folder as what lies in it', async () => {
  const proved: unknown[] = [];
  const proveTool = async (tool: unknown) => {
    proved.push(tool);
    return { ...proof, isGreen: false };
  };
  const cases = join(folder, 'cases.json');
  writeFileSync(cases, '[{"name": "one", "input": {}}]');
  const given = await type(['tools', 'test', 'csv-to-json', '--cases', cases], { tools, proveTool });
  expect([given.exitCode, given.stdout]).toEqual([1, expect.stringContaining('❌ Red.')]);
  await type(['tools', 'test', folder, '--json'], { tools, proveTool });
  expect(proved).toEqual([{ name: 'csv-to-json', cases: [{ name: 'one', input: {}, error: false }] }, { folder }]);
});

test('rights that nobody allowed are told with the options that allow them', async () => {
  const { exitCode, stdout, stderr } = await type(['tools', 'adopt', folder, '--allow', 'env:A', '--allow', 'env:B'], {
    adoptTool: async ({ allow }) => {
      expect(allow).toEqual(['env:A', 'env:B']);
      return { kind: 'asks', proof, rights: ['read:$WORKSPACE', 'subprocess'] };
    },
  });
  expect(exitCode).toBe(2);
  expect(stdout).toContain('New:    read:$WORKSPACE');
  expect(stderr).toContain("--allow 'read:$WORKSPACE' --allow 'subprocess'");
});

test('a cases file that is none is a mistake that says where', async () => {
  const cases = join(folder, 'cases.json');
  for (const [text, said] of [
    ['[]', /Too small|>=1/],
    ['[{"input": 1}]', /0\.name/],
    ['{', /JSON/],
  ] as const) {
    writeFileSync(cases, text);
    const { exitCode, stderr } = await type(['tools', 'adopt', 'somewhere', '--cases', cases], {});
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(said)]);
  }
});
