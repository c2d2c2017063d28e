import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GateCheck, gateChecks, isGreen } from '../../../src/domain/gate-report.ts';
import type { ToolCells } from '../../../src/sandbox/cells.ts';
import { openGate } from '../../../src/toolbox/gate/open-gate.ts';
import type { Gated } from '../../../src/toolbox/gate.ts';
import { checkIban } from '../../support/tool-examples/data-tools.ts';
import { faultyTools } from '../../support/tool-examples/faulty-tools.ts';
import { mergeIntervals, statistics } from '../../support/tool-examples/number-tools.ts';
import { openTestGate, type TestGate } from '../../support/tool-examples/open-test-gate.ts';
import { changed, type WrittenTool, withFile } from '../../support/tool-examples/written-tool.ts';
import { searchPath } from '../sandbox/containments.ts';

let here: TestGate;
beforeAll(() => {
  here = openTestGate(searchPath);
});
afterAll(() => here.close());

function rowOf({ report }: Gated, check: GateCheck) {
  return report.rows.find((row) => row.check === check);
}

function redRows({ report }: Gated): string[] {
  return report.rows.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
}

function faulty(fault: string): WrittenTool {
  const found = faultyTools.find((one) => one.fault === fault);
  if (!found) throw new Error(`there is no tool with the fault: ${fault}`);
  return found.tool;
}

describe('a good tool', () => {
  test('passes every check, in Node and in Python, and nothing of it is left behind', async () => {
    for (const tool of [checkIban, mergeIntervals]) {
      const { report, manifest } = await here.check(tool);
      expect(report.rows.flatMap(({ findings }) => findings)).toEqual([]);
      expect(report.rows.map(({ check }) => check)).toEqual(gateChecks);
      expect(isGreen(report)).toBe(true);
      expect(manifest?.name).toBe(tool.name);
    }
    expect(readdirSync(here.folder)).toEqual([]);
  });

  test('gets its version from whoever publishes it', async () => {
    const signal = new AbortController().signal;
    const { files, heldOut } = withFile(mergeIntervals, 'test/examples.json', '[]');
    const gated = await here.gate.check({ files, heldOut, version: '2.3.0' }, 1, signal);
    expect(gated.manifest?.version).toBe('2.3.0');
    const written: unknown = JSON.parse(Buffer.from(gated.files.get('tool.json') ?? []).toString());
    expect(written).toMatchObject({ name: 'merge-intervals', version: '2.3.0' });
  });
});

describe('a tool with a fault is refused by the row that is there for it', () => {
  const faults: readonly (readonly [fault: string, ...rows: GateCheck[]])[] = [
    ['wrong with an empty list', 'held-out'],
    ['prints what it does to its standard output', 'examples', 'held-out'],
    ['has no tests', 'own-tests'],
    ['depends on the time zone', 'determinism'],
    ['takes everything for valid', 'held-out'],
  ];
  test.each(faults)('%s', async (fault, ...rows) => {
    expect(redRows(await here.check(faulty(fault)))).toEqual(rows);
  });
});

describe('the memory of a tool', () => {
  const sharing = (mebibytes: number) =>
    changed(changed(mergeIntervals, 'tool.json', ['"memoryMb": 256', '"memoryMb": 16']), 'answer.py', [
      'def answer(input):',
      `import mmap\nimport time\n\n\ndef answer(input):\n    held = mmap.mmap(-1, ${mebibytes} << 20)\n    for _ in range(${mebibytes}):\n        held.write(b"x" * (1 << 20))\n    held.close()\n    time.sleep(0.1)`,
    ]);

  test('is told beside what it may have', async () => {
    const { report } = await here.check(mergeIntervals);
    const detail = report.rows.find(({ check }) => check === 'limits')?.detail ?? '';
    const [, held] = /the largest held (\d+).* of 356 MB with its runtime/.exec(detail) ?? [];
    expect(Number(held)).toBeGreaterThan(3);
    expect(Number(held)).toBeLessThan(60);
  });

  test('is a finding where it is more, also for a moment that the kernel counts for nobody', async () => {
    const row = rowOf(await here.check(sharing(130)), 'limits');
    expect(row?.verdict).toBe('failed');
    expect(row?.findings.join()).toMatch(/it held \d+ MB, and may have 116|it went beyond its limit of memory/);
  });
});

describe('what a report tells', () => {
  test('a counterexample is made smaller, and is told with what came of it', async () => {
    const falls = changed(mergeIntervals, 'answer.py', [
      '        if start > end:',
      '        if end == 8:\n            raise RuntimeError("eight")\n        if start > end:',
    ]);
    const row = rowOf(await here.check(withFile(falls, 'test/examples.json', exampleOfTwo)), 'properties');
    expect(row?.findings[0]).toMatch(/^\{"intervals":\[\[-?\d,8\]\]\}: it fell over .*RuntimeError: eight/);
  });

  test('nothing of a held-out case is told but that it failed', async () => {
    const heldOut = [{ name: 'SECRET-NAME', input: { numbers: [987_654] }, output: { count: 12 }, error: false }];
    const hangs = changed(statistics, 'answer.py', [
      '    if not numbers',
      '    while 987654 in numbers:\n        pass\n    if not numbers',
    ]);
    const quick = changed(hangs, 'tool.json', ['10000', '2000']);
    const { report } = await here.check({ ...quick, heldOut });
    expect(redRows({ report, files: quick.files })).toEqual(['held-out', 'limits']);
    expect(JSON.stringify(report)).not.toMatch(/SECRET|987_?654/);
  });

  test('without held-out cases no tool is proved', async () => {
    const { report } = await here.check({ ...mergeIntervals, heldOut: [] });
    expect(isGreen(report)).toBe(false);
  });

  test('answers that come from the examples alone are told', async () => {
    const known = withFile(mergeIntervals, 'answer.py', answersByHeart);
    const row = rowOf(await here.check(known), 'properties');
    expect(row?.findings.join()).toMatch(
      /the one answer \{"intervals":\[\[0,1\]\]\}: what it answers does not come from its input/,
    );
  });

  test('control characters of a tool are visible, and long texts are cut', async () => {
    const loud = changed(mergeIntervals, 'answer.py', [
      '    merged = []',
      '    raise ValueError("\\x1b[31m" + "\\u202e" + "x" * 5000)',
    ]);
    const row = rowOf(await here.check(loud), 'examples');
    expect(row?.findings[0]).toContain('\\u{1b}[31m\\u{202e}xxx');
    expect(Math.max(...(row?.findings ?? []).map(({ length }) => length))).toBeLessThanOrEqual(500);
  });
});

test('a tool of another language is run by its command, and its tests by the command that it names', async () => {
  const command = ['python3', '$ENTRY'];
  const parts = { language: 'command', command, testCommand: ['python3', '-m', 'unittest', 'discover', '-s', 'test'] };
  const text = Buffer.from(mergeIntervals.files.get('tool.json') ?? []).toString();
  const tool = withFile(mergeIntervals, 'tool.json', JSON.stringify({ ...JSON.parse(text), ...parts }));
  const { report } = await here.check(tool);
  expect(report.rows.flatMap(({ findings }) => findings)).toEqual([]);
});

test('a check that is stopped says nothing of the tool, and leaves nothing behind', async () => {
  const stop = new AbortController();
  const run: ToolCells['run'] = (call, signal) => {
    const result = here.cells.run(call, signal);
    stop.abort();
    return result;
  };
  const gate = openGate({ cells: { ...here.cells, run }, folder: here.folder });
  const { report } = await gate.check({ ...checkIban, version: '1.0.0' }, 1, stop.signal);
  expect(isGreen(report)).toBe(false);
  expect(redRows({ report, files: checkIban.files })).toEqual([]);
  expect(readdirSync(here.folder)).toEqual([]);
});

test('a tool is tried without what no human has granted yet', async () => {
  const reader = changed(
    changed(mergeIntervals, 'tool.json', [
      '"language"',
      `"permissions": {"read": ["/etc/hostname", "$WORKSPACE/notes"]},\n  "language"`,
    ]),
    'answer.py',
    [
      'def answer(input):',
      'import os\n\n\ndef answer(input):\n    if os.path.exists("/etc/hostname"):\n        raise ValueError("it can be read")',
    ],
  );
  const gated = await here.check(reader);
  expect(gated.report.rows.flatMap(({ findings }) => findings)).toEqual([]);
  expect(rowOf(gated, 'scan')?.detail).toContain('it asks for read /etc/hostname, $WORKSPACE/notes');
});

const exampleOfTwo = JSON.stringify([
  {
    name: 'three',
    input: {
      intervals: [
        [1, 3],
        [2, 5],
        [6, 7],
      ],
    },
    output: {
      intervals: [
        [1, 5],
        [6, 7],
      ],
    },
  },
]);

const answersByHeart = `KNOWN = {
    "[[1, 3], [2, 5], [7, 8]]": [[1, 5], [7, 8]],
    "[[4, 6], [1, 4]]": [[1, 6]],
}


def answer(input):
    if input["intervals"] == [[3, 1]]:
        raise ValueError("the wrong way")
    return {"intervals": KNOWN.get(str(input["intervals"]), [[0, 1]])}
`;
