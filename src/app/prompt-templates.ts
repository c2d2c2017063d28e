import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Templates } from '../agents/profiles.ts';
import { problemsOfTemplate } from '../agents/template.ts';
import {
  ownTemplates,
  readTemplate,
  type TemplateFile,
  templateShapes,
  templatesOf,
} from '../agents/template-files.ts';
import { type AgentRole, agentRoles, roleNamed } from '../domain/agent.ts';
import { nearest } from '../domain/nearest.ts';
import { SpiralError } from '../spiral.ts';

const mostBytes = 100_000;

/** What the agents are asked with. Throws `SpiralError` 'usage' for a file of a person that cannot stand in for ours. */
export async function loadTemplates(home: string): Promise<Templates> {
  return templatesOf(await readTemplates(home));
}

/**
 * Our own templates, and in place of them the files of the same name in `agents/<role>/` of the state root. Throws
 * `SpiralError` 'usage' for a file that cannot stand in for ours, and for one that stands in for nothing.
 *
 * @param home the state root; it need not exist
 */
export async function readTemplates(home: string): Promise<TemplateFile[]> {
  const folder = join(home, 'agents');
  const names = await namesIn(folder);
  if (names.length === 0) return ownTemplates();
  const overrides = (await Promise.all(names.map((name) => overridesOf(folder, name)))).flat();
  return ownTemplates().map(
    (ours) => overrides.find(({ role, name }) => role === ours.role && name === ours.name) ?? ours,
  );
}

async function overridesOf(folder: string, roleName: string): Promise<TemplateFile[]> {
  const role = agentRoles.find((one) => one === roleName);
  if (!role) {
    const guess = roleNamed(roleName) ?? nearest(roleName, agentRoles);
    throw mistake(
      join(folder, roleName),
      'stands where the folder of an agent is expected',
      guess
        ? `Rename it to ${guess}, or remove it.`
        : `Name it after an agent, or remove it: ${agentRoles.join(', ')}.`,
    );
  }
  const files = await namesIn(join(folder, role));
  return Promise.all(
    files.filter((file) => file.endsWith('.md')).map((file) => override(join(folder, role), role, file)),
  );
}

async function override(folder: string, role: AgentRole, file: string): Promise<TemplateFile> {
  const path = join(folder, file);
  const name = file.slice(0, -'.md'.length);
  const templates = templateShapes().filter((one) => one.role === role);
  const template = templates.find((one) => one.name === name);
  const showOurs = `See what it stands in for: spiral agents show ${role} --prompt`;
  if (!template) {
    const known = templates.map((one) => one.name);
    const guess = nearest(name, known);
    throw mistake(
      path,
      `stands in for nothing: ${role} has no template "${name}"`,
      guess
        ? `Rename it to ${guess}.md, or remove it.`
        : `Name it after one of these, or remove it: ${known.join(', ')}.`,
    );
  }
  const text = await textOf(path);
  const [problem] = problemsOfTemplate(text, template.shape);
  if (problem === undefined) return { role, name, text, override: path };
  const { required, optional } = template.shape;
  const placeholders = [...required, ...optional].map((one) => `{{${one}}}`).join(', ');
  throw mistake(
    path,
    problem,
    `${placeholders === '' ? 'It has no placeholders.' : `Its placeholders: ${placeholders}.`} Mend or remove the file. ${showOurs}`,
  );
}

async function textOf(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    // Before it is opened: opening a pipe waits for whoever writes into it.
    if (!stats.isFile()) throw mistake(path, 'is not a file', 'Put a text file there, or remove it.');
    if (stats.size > mostBytes)
      throw mistake(path, 'is larger than 100 KB', 'Shorten it: it is told to the model every time.');
    return readTemplate(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)));
  } catch (error) {
    if (error instanceof SpiralError) throw error;
    if (error instanceof TypeError) throw mistake(path, 'is not UTF-8 text', 'Save the file as UTF-8.', error);
    throw unreadable(path, error);
  }
}

/** What lies in a folder, hidden files left out; nothing when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw mistake(folder, 'is not a folder', 'Make it a folder, or remove it.', error);
    throw unreadable(folder, error);
  }
}

function unreadable(path: string, error: unknown): SpiralError {
  return mistake(path, `cannot be read (${codeOf(error)})`, `Make it readable, or remove it: ls -l ${path}`, error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function mistake(path: string, problem: string, cure: string, cause?: unknown): SpiralError {
  return new SpiralError(
    'usage',
    `The prompt template ${path} ${problem}.`,
    cure,
    cause === undefined ? {} : { cause },
  );
}
