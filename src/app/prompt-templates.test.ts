import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownTemplates, templatesOf } from '../agents/template-files.ts';
import { SpiralError } from '../spiral.ts';
import { loadTemplates, readTemplates } from './prompt-templates.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'spiral-templates-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function write(path: string, text: string | Uint8Array): Promise<string> {
  const file = join(home, 'agents', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

async function mistake(): Promise<SpiralError> {
  const error: unknown = await loadTemplates(home).catch((thrown: unknown) => thrown);
  if (!(error instanceof SpiralError)) throw new Error(`no SpiralError: ${String(error)}`);
  return error;
}

test('without files of a person all templates are ours, even where there is no state root', async () => {
  expect(await loadTemplates(join(home, 'nowhere'))).toEqual(templatesOf(ownTemplates()));
});

test('a file of the same name stands in for ours, and only for that one', async () => {
  const path = await write('decision-maker/decision.md', '\uFEFFDecide:\r\n{{task}}\r\n');
  const changed = (await readTemplates(home)).filter(({ override }) => override !== undefined);
  expect(changed).toEqual([{ role: 'decision-maker', name: 'decision', text: 'Decide:\n{{task}}', override: path }]);
  const { 'decision-maker': texts, ...others } = await loadTemplates(home);
  const { 'decision-maker': ours, ...oursOfOthers } = templatesOf(ownTemplates());
  expect(texts).toEqual({ ...ours, decision: 'Decide:\n{{task}}' });
  expect(others).toEqual(oursOfOthers);
});

test('a link to a file counts as the file; hidden files, notes and backups do not count', async () => {
  await write('developer/.DS_Store', 'x');
  await write('developer/instructions.md~', 'x');
  await write('developer/notes.txt', 'x');
  await write('.git/config', 'x');
  const target = join(home, 'mine.txt');
  await writeFile(target, 'Do what you are told.');
  await symlink(target, join(home, 'agents/developer/instructions.md'));
  expect((await loadTemplates(home)).developer.instructions).toBe('Do what you are told.');
});

test.each([
  [
    'misses a placeholder',
    'Decide.',
    'misses the placeholder {{task}}',
    /Its placeholders: \{\{task\}\}, \{\{context\}\}\./,
  ],
  [
    'names an unknown one',
    '{{task}} {{tsak}}',
    'holds {{tsak}}, which is no placeholder here',
    /spiral agents show decision-maker --prompt/,
  ],
  ['is empty', ' \n', 'is empty', /Mend or remove/],
  ['is too large', `{{task}}${'x'.repeat(100_000)}`, 'is larger than 100 KB', /Shorten it/],
  ['is not text', new Uint8Array([0xff, 0xfe, 0x00]), 'is not UTF-8 text', /UTF-8/],
])('a file that %s is refused with its path and the cure', async (_name, text, problem, cure) => {
  const path = await write('decision-maker/decision.md', text);
  const error = await mistake();
  expect(error.kind).toBe('usage');
  expect(error.message).toBe(`The prompt template ${path} ${problem}.`);
  expect(error.cure).toMatch(cure);
});

test('a folder, a pipe or a dangling link in the place of a file is refused at once', async () => {
  await mkdir(join(home, 'agents/developer/instructions.md'), { recursive: true });
  expect((await mistake()).message).toMatch(/instructions\.md is not a file\.$/);
  await rm(join(home, 'agents'), { recursive: true });
  await mkdir(join(home, 'agents/developer'), { recursive: true });
  execFileSync('mkfifo', [join(home, 'agents/developer/instructions.md')]);
  expect((await mistake()).message).toMatch(/is not a file/);
  await rm(join(home, 'agents/developer/instructions.md'));
  await symlink(join(home, 'nothing'), join(home, 'agents/developer/instructions.md'));
  expect((await mistake()).message).toMatch(/cannot be read \(ENOENT\)/);
});

test('a file or a folder that stands in for nothing is refused with what was meant', async () => {
  const path = await write('developer/instruction.md', 'x');
  expect(await mistake()).toMatchObject({
    message: `The prompt template ${path} stands in for nothing: developer has no template "instruction".`,
    cure: 'Rename it to instructions.md, or remove it.',
  });
  await rm(join(home, 'agents'), { recursive: true });
  await write('qa/review.md', '{{task}}');
  expect((await mistake()).cure).toBe('Rename it to quality-assurance, or remove it.');
});

test('a file where the folder should be is refused', async () => {
  await writeFile(join(home, 'agents'), 'x');
  expect((await mistake()).message).toMatch(/agents is not a folder/);
});
