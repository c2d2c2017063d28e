import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'src');

/** Folders whose face is the file of the same name directly inside, and `partsOfFaces`; everything else lies behind it. */
const faces = ['engine', 'llm', 'gateway', 'workspace', 'sandbox', 'toolbox', 'store', 'queue'];
/** Of a face that would be too long in one file. */
const partsOfFaces = [
  'store/budgets.ts',
  'store/conversations.ts',
  'store/surfaces.ts',
  'store/tool-requests.ts',
  'store/tools.ts',
  'sandbox/cells.ts',
  'toolbox/gate.ts',
  'toolbox/registry.ts',
];
const surfaces = ['cli', 'discord', 'http', 'dashboard', 'integrations'];

const longestFile = 400;
const drawers = /(^|\/)(utils?|helpers?|common|misc|types|index|shared)(\.ts|\/)|manager|handler|service/i;

type Import = { readonly from: string; readonly to: string };

const files = filesBelow(source).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
const productFiles = files.filter((file) => !file.endsWith('.test.ts'));
const imports = productFiles.flatMap((file) => importsOf(file));

test('the check sees the source', () => {
  expect(productFiles.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(150);
  expect(imports.some(({ to }) => to === 'domain/event.ts')).toBe(true);
});

test('every import follows the arrows', () => {
  const broken = imports
    .filter(({ to }) => !to.startsWith('package:'))
    .filter(({ from, to }) => !mayImport(zoneOf(from), zoneOf(to)));
  expect(broken.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test('the arrows refuse what they are there to refuse', () => {
  const refused: [string, string][] = [
    ['domain/task.ts', 'store/store.ts'],
    ['cli/render.ts', 'workflows/submit-task.ts'],
    ['cli/render.ts', 'store/store.ts'],
    ['cli/render.ts', 'discord/discord.ts'],
    ['discord/run.ts', 'cli/render.ts'],
    ['discord/run.ts', 'app/parts.ts'],
    ['workflows/submit-task.ts', 'engine/claude-code/options.ts'],
    ['engine/claude-code/options.ts', 'store/postgres/schema.ts'],
    ['spiral.ts', 'app.ts'],
    ['agents/roster.ts', 'engine/engine.ts'],
    ['config/config.ts', 'store/store.ts'],
    ['engine/engine.ts', 'engine/claude-code/options.ts'],
  ];
  for (const [from, to] of refused) expect(mayImport(zoneOf(from), zoneOf(to)), `${from} -> ${to}`).toBe(false);
  expect(mayImport(zoneOf('engine/claude-code/options.ts'), zoneOf('sandbox/sandbox.ts'))).toBe(true);
});

test('the domain needs zod and nothing else', () => {
  const packages = imports.filter(({ from, to }) => from.startsWith('domain/') && to.startsWith('package:'));
  expect(packages.filter(({ to }) => to !== 'package:zod')).toEqual([]);
});

test('only the configuration reads the environment', () => {
  const readers = productFiles
    .filter((file) => /process\.env\b/.test(withoutStrings(file)))
    .map((file) => relative(source, file));
  expect(readers.filter((file) => !file.startsWith('config/'))).toEqual([]);
});

test('only surfaces print', () => {
  const printers = productFiles
    .filter((file) => /console\.(log|error|warn|info)|process\.std(out|err)/.test(withoutStrings(file)))
    .map((file) => relative(source, file));
  expect(printers.filter((file) => !surfaces.some((surface) => file.startsWith(`${surface}/`)))).toEqual([]);
});

test(`no file is longer than ${longestFile} lines`, () => {
  const long = filesBelow(source)
    .concat(filesBelow(join(root, 'tests')), filesBelow(join(root, 'bench')))
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => readFileSync(file, 'utf8').split('\n').length > longestFile);
  expect(long.map((file) => relative(root, file))).toEqual([]);
});

test('no file is a drawer', () => {
  // The project manager is one of the team, not a name for whatever is managed.
  const names = files.map((file) => relative(source, file).replace('project-manager', 'team-member'));
  expect(names.filter((file) => drawers.test(file))).toEqual([]);
});

function zoneOf(file: string): string {
  const [folder = ''] = file.split('/');
  if (file === 'app.ts' || folder === 'app') return 'app';
  if (!file.includes('/')) return basename(file, '.ts');
  if (faces.includes(folder)) {
    return file === `${folder}/${folder}.ts` || partsOfFaces.includes(file) ? 'face' : `behind ${folder}`;
  }
  return surfaces.includes(folder) ? `surface ${folder}` : folder;
}

function mayImport(from: string, to: string): boolean {
  if (from === to && from !== 'face') return true;
  if (to === 'domain') return from !== 'main';
  if (from === 'app') return to !== 'main' && !to.startsWith('surface');
  if (from === 'main') return to === 'app' || ['surface cli', 'surface discord'].includes(to);
  if (from.startsWith('behind')) return to === 'face';
  if (from === 'face') return to === 'face';
  if (from === 'workflows') return ['agents', 'face', 'spiral'].includes(to);
  if (from.startsWith('surface')) return to === 'spiral';
  return false;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');
  return specifiers
    .filter((specifier) => specifier !== '' && !specifier.startsWith('node:'))
    .map((specifier) => ({
      from: relative(source, file),
      to: specifier.startsWith('.') ? relative(source, resolve(dirname(file), specifier)) : `package:${specifier}`,
    }));
}

/** Source without the texts in it: example code inside a string prints nothing. */
function withoutStrings(file: string): string {
  return readFileSync(file, 'utf8').replace(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'/gs, "''");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name === '__fixtures__' ? [] : filesBelow(path);
    return [path];
  });
}
