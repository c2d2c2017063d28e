import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openToolbox, type Toolbox } from '../../../src/app/toolbox.ts';
import { toolsOfPeople } from '../../../src/app/tools.ts';
import { toolExamples, toolManifest, toolProvenance } from '../../../src/domain/tool.ts';
import { digestOf } from '../../../src/domain/tool-digest.ts';
import { openToolCells } from '../../../src/sandbox/cells/open-cells.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { writeFilesOfPage } from '../../support/files-of-page.ts';
import { testDatabase } from '../../support/postgres.ts';
import { searchPath } from '../sandbox/containments.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
let base: string;
let folder: string;
let runFile: ReturnType<typeof openRunFile>;
let toolbox: Toolbox;
let people: ReturnType<typeof toolsOfPeople>;
/** How many calls were made in cells. */
let runs: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  store = await openPostgresStore({ databaseUrl: database.url });
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-people-')));
  const [home, root] = [join(base, 'home'), join(base, 'home/.spiral')];
  mkdirSync(root, { recursive: true });
  runFile = openRunFile(root);
  const cells = openToolCells(runFile, { home, stateRoot: root, searchPath });
  runs = 0;
  const counted: typeof cells = {
    ...cells,
    run(...given) {
      runs += 1;
      return cells.run(...given);
    },
  };
  const report = (problem: string) => expect.unreachable(problem);
  toolbox = openToolbox({ root, store: async () => store, cells: counted, environment: {}, report });
  people = toolsOfPeople({ store: async () => store, toolbox, now: Date.now, report });
  writeFilesOfPage('tools.md', base);
  folder = join(base, 'days-between');
});
afterEach(async () => {
  await toolbox.close();
  runFile.close();
  await store.close();
  rmSync(base, { recursive: true, force: true });
});

const never = new AbortController().signal;
const casesOfPage = () => toolExamples.parse(JSON.parse(readFileSync(join(base, 'days-between-cases.json'), 'utf8')));

/** The tool under a name of its own, since tools are never deleted. */
function named(name: string, permissions: object = {}): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'tool.json'), 'utf8'));
  writeFileSync(join(folder, 'tool.json'), JSON.stringify({ ...manifest, name, permissions }));
}

test('what was just proved is not proved again when its rights are allowed', async () => {
  named('asks-first', { read: ['$WORKSPACE'] });
  const asked = await people.adoptTool({ folder, cases: casesOfPage(), allow: [] }, never);
  expect(asked).toMatchObject({ kind: 'asks', rights: ['read:$WORKSPACE'] });
  expect(await people.toolVersions('asks-first')).toEqual([]);
  const before = runs;
  expect(before).toBeGreaterThan(5);
  const adopted = await people.adoptTool({ folder, cases: casesOfPage(), allow: ['read:$WORKSPACE'] }, never);
  expect([adopted.kind, runs]).toEqual(['adopted', before]);
  const [tool] = await people.toolVersions('asks-first');
  expect(tool?.provenance).toMatchObject({ requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person' });
});

test('files that were changed after the proof are proved again', async () => {
  named('changed-late');
  const cases = casesOfPage();
  expect((await people.proveTool({ folder, cases }, never)).isGreen).toBe(true);
  const source = readFileSync(join(folder, 'days.py'), 'utf8');
  writeFileSync(join(folder, 'days.py'), source.replace('.days}', '.days + 1}'));
  expect((await people.adoptTool({ folder, cases, allow: [] }, never)).kind).toBe('red');
  expect(await people.toolVersions('changed-late')).toEqual([]);
});

test('a tool that is there needs no held-out cases again, and fails with those that it does not pass', async () => {
  named('asked-again');
  await people.adoptTool({ folder, cases: casesOfPage(), allow: [] }, never);
  const without = await people.proveTool({ name: 'asked-again' }, never);
  expect([without.isGreen, without.version]).toEqual([true, '1.0.0']);
  expect(without.report.rows.find(({ check }) => check === 'held-out')?.verdict).toBe('not-run');
  const wrong = [{ name: 'wrong', input: { from: '2026-01-01', to: '2026-01-02' }, output: { days: 7 }, error: false }];
  expect((await people.proveTool({ name: 'asked-again', cases: wrong }, never)).isGreen).toBe(false);
  expect((await people.proveTool({ folder }, never)).isGreen).toBe(false);
});

test('a gate that is stopped adopts nothing', async () => {
  named('stopped');
  const given = { folder, cases: casesOfPage(), allow: [] };
  await expect(people.adoptTool(given, AbortSignal.abort())).rejects.toThrow('The gate was stopped.');
  expect(await people.toolVersions('stopped')).toEqual([]);
});

test('of two who adopt other files under one name at the same moment one is told of the other', async () => {
  named('two-at-once');
  const cases = casesOfPage();
  const other = join(base, 'other');
  writeFilesOfPage('tools.md', other);
  const copy = join(other, 'days-between');
  writeFileSync(join(copy, 'tool.json'), readFileSync(join(folder, 'tool.json')));
  writeFileSync(join(copy, 'SKILL.md'), 'Give it two dates.\n');
  const both = [folder, copy].map((one) => people.adoptTool({ folder: one, cases, allow: [] }, never));
  const ends = await Promise.allSettled(both);
  const told = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason.message)] : [end.value.kind]));
  expect(told.toSorted()).toEqual(['adopted', 'two-at-once 1.0.0 was published while this was proved.']);
  const again = await people.adoptTool({ folder: copy, cases, allow: [] }, never);
  expect(['adopted', 'there']).toContain(again.kind);
  expect(await people.toolManual('two-at-once')).toBe('Give it two dates.\n');
});

test('the workspace of whoever calls is in reach only when it is named', async () => {
  named('reads-here', { read: ['$WORKSPACE'] });
  const reading = 'import os\n\n\ndef days_between(given):\n    return {"days": len(os.listdir("WORKSPACE"))}\n';
  const place = join(base, 'place');
  mkdirSync(place);
  writeFileSync(join(place, 'one'), '');
  // The gate would refuse a tool that reads one fixed folder; what is looked at here is the call alone.
  const files = new Map([...(await (await toolbox.needs()).filesIn(folder))]);
  files.set('days.py', Buffer.from(reading.replace('WORKSPACE', place)));
  const manifest = toolManifest.parse(JSON.parse(readFileSync(join(folder, 'tool.json'), 'utf8')));
  const provenance = toolProvenance.parse({
    requestedBy: 'human',
    builtBy: ['human'],
    adopted: 'by-a-person',
    builtAt: '2026-01-01T00:00:00Z',
  });
  await store.tools.publish({ manifest, files, digest: digestOf(files), provenance });
  const input = { from: '2026-01-01', to: '2026-01-02' };
  expect(await people.callTool({ name: 'reads-here', input, workspace: place }, never)).toEqual({
    text: '{"days":1}',
    outcome: 'succeeded',
  });
  expect((await people.callTool({ name: 'reads-here', input }, never)).outcome).toBe('failed');
  await expect(people.callTool({ name: 'reads-here', input, workspace: join(base, 'nowhere') }, never)).rejects.toThrow(
    'There is no folder',
  );
});

test('what a version changes is shown whole, the first one with all its files', async () => {
  const version = (number: string, source: string) => {
    const manifest = toolManifest.parse({
      ...JSON.parse(readFileSync(join(folder, 'tool.json'), 'utf8')),
      ...{ name: 'changes-once', version: number },
    });
    const files = new Map([
      ['tool.json', Buffer.from(JSON.stringify(manifest))],
      ['main.py', Buffer.from(source)],
    ]);
    const provenance = toolProvenance.parse({
      requestedBy: 'human',
      builtBy: ['human'],
      adopted: 'by-a-person',
      builtAt: '2026-01-01T00:00:00Z',
    });
    return store.tools.publish({ manifest, files, digest: digestOf(files), provenance });
  };
  await version('1.0.0', 'one\n');
  const first = await people.toolChange('changes-once');
  expect(first).toMatchObject({ name: 'changes-once', version: '1.0.0' });
  expect(first.before).toBeUndefined();
  expect(first.lines).toContain('+one');
  await version('1.1.0', 'two\n');
  const second = await people.toolChange('changes-once');
  expect(second).toMatchObject({ version: '1.1.0', before: '1.0.0' });
  expect(second.lines.slice(0, 5)).toEqual(['--- a/main.py', '+++ b/main.py', '@@ -1,1 +1,1 @@', '-one', '+two']);
  await expect(people.toolChange('0000nothing')).rejects.toThrow('There is no tool and no request');
});
