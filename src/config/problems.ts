import type { TomlError } from 'smol-toml';
import type { z } from 'zod';
import { nearest } from '../domain/nearest.ts';
import { ConfigError } from './config-error.ts';
import { knownKeys, secretKeys } from './schema.ts';
import { linesOf, valueAt } from './toml-lines.ts';

/** A text longer than this is not repeated in a message: it may be a secret that stands in the wrong place. */
const longestShown = 20;

type Source = { readonly file: string; readonly text: string; readonly parsed: unknown };
type Finding = { readonly path: readonly PropertyKey[]; readonly problem: string; readonly cure: string };

/** A syntax error as one line; the excerpt that the parser adds is left out, because it may hold a secret. */
export function syntaxProblem(error: TomlError, file: string): ConfigError {
  const reason = (error.message.split('\n')[0] ?? '').replace('Invalid TOML document: ', '');
  const place = { file, line: error.line };
  return new ConfigError(
    `${reason} (column ${error.column})`,
    'Correct the line; TOML puts text in quotation marks.',
    place,
  );
}

/** The first of the wrong keys of a file, in the order of its lines. */
export function schemaProblem(issues: readonly z.core.$ZodIssue[], { file, text, parsed }: Source): ConfigError {
  const findings = issues.flatMap((issue) => findingsOf(issue, parsed));
  const lines = linesOf(
    text,
    findings.map(({ path }) => path),
  );
  const [first] = findings
    .map((finding, index) => ({ ...finding, line: lines[index] }))
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  if (first === undefined) throw new TypeError('a file without an issue has no problem');
  const others = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`;
  return new ConfigError(`${first.problem}${others}`, first.cure, { file, line: first.line });
}

function findingsOf(issue: z.core.$ZodIssue, parsed: unknown): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], ...unknownKey(issue.path.join('.'), key) }));
  }
  const name = nameOfKey(issue.path);
  const problem = `${name} must be ${issue.message}, not ${found(valueAt(parsed, issue.path), name)}`;
  return [{ path: issue.path, problem, cure: `Correct ${name}, or remove it to get the default.` }];
}

/** `agents.project_manager.prompt_limit`, `discord.whitelist[1]`. */
function nameOfKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
}

function unknownKey(section: string, key: string): Pick<Finding, 'problem' | 'cure'> {
  const before = section === '' ? '' : `${section}.`;
  const siblings = namesBelow(before);
  const problem = section === '' ? `[${key}] is not a section of Spiral` : `${before}${key} is not a setting of Spiral`;
  const elsewhere = knownKeys.find((known) => known.endsWith(`.${key}`));
  const meant = nearest(key, siblings) ?? elsewhere;
  const known = `Known here: ${siblings.join(', ')}.`;
  return { problem, cure: meant === undefined ? known : `Did you mean ${meant}? ${known}` };
}

/** The next part of every known key that begins so. */
function namesBelow(before: string): string[] {
  const below = knownKeys
    .filter((key) => key.startsWith(before))
    .map((key) => key.slice(before.length).split('.')[0] ?? '');
  return [...new Set(below)];
}

function found(value: unknown, name: string): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'a section';
  const isKey = knownKeys.includes(name.replace(/\[\d+\]/g, ''));
  if (secretKeys.has(name) || !isKey) return typeof value === 'string' ? 'text' : `a ${typeof value}`;
  if (typeof value !== 'string') return String(value);
  return value.length > longestShown ? 'a longer text' : JSON.stringify(value);
}
