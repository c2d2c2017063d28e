import { basename, dirname, extname } from 'node:path';
import { lineAt } from '../../domain/secrets-in-text.ts';
import type { ToolFiles, ToolManifest } from '../../domain/tool.ts';
import { longestSource, textOf } from './obscurity.ts';
import { pythonUses } from './python-uses.ts';
import { scriptUses } from './script-uses.ts';
import { shellUses } from './shell-uses.ts';
import type { Use, UseAt } from './uses.ts';

export type SourceLanguage = 'script' | 'python' | 'shell' | 'other';

/** Nobody reads more of one program. */
const mostUses = 100;

export type Source = {
  readonly path: string;
  readonly text: string;
  readonly language: SourceLanguage;
  /** It is only run to test the tool. */
  readonly isTest: boolean;
};

/** The files that are programs, as far as that shows. */
export function sourcesIn(files: ToolFiles, { entry }: Pick<ToolManifest, 'entry'>): readonly Source[] {
  const sources = [...files].flatMap(([path, content]): Omit<Source, 'isTest'>[] => {
    const text = textOf(content);
    const language = text === undefined ? undefined : languageOf(path, text, path === entry);
    return text === undefined || language === undefined ? [] : [{ path, text: text.slice(0, longestSource), language }];
  });
  const served = sources.filter(({ path }) => !looksLikeTest(path));
  return sources.map((source) => {
    // A program in the folder of the tests that the tool itself names is part of it.
    const [folder = '', name = ''] = [dirname(source.path), basename(source.path, extname(source.path))].map(escaped);
    const named = new RegExp(folder === '\\.' ? `\\b${name}\\b` : `\\b${basename(folder)}\\b.{0,80}\\b${name}\\b`);
    const isNamed = served.some(({ text }) => named.test(text));
    return { ...source, isTest: looksLikeTest(source.path) && source.path !== entry && !isNamed };
  });
}

/** What the programs of a tool use, without its tests. */
export function usesOfTool(
  sources: readonly Source[],
  { permissions }: Pick<ToolManifest, 'permissions'>,
): readonly Use[] {
  return sources
    .filter(({ isTest }) => !isTest)
    .flatMap(({ path, text, language }) =>
      usesIn(language, text, permissions.env)
        .slice(0, mostUses)
        .map(({ kind, what, at }) => ({
          kind,
          what,
          path,
          line: lineAt(text, at),
        })),
    );
}

function usesIn(language: SourceLanguage, text: string, variables: readonly string[]): readonly UseAt[] {
  switch (language) {
    case 'script':
      return scriptUses(text, variables);
    case 'python':
      return pythonUses(text, variables);
    case 'shell':
      return shellUses(text, variables);
    case 'other':
      return [];
  }
}

const languages: Readonly<Record<string, SourceLanguage>> = {
  ...{ '.js': 'script', '.mjs': 'script', '.cjs': 'script', '.ts': 'script', '.mts': 'script', '.cts': 'script' },
  ...{ '.py': 'python', '.pyw': 'python', '.sh': 'shell', '.bash': 'shell' },
  ...{ '.rb': 'other', '.pl': 'other', '.php': 'other', '.lua': 'other', '.awk': 'other', '.tcl': 'other' },
};

function languageOf(path: string, text: string, isEntry: boolean): SourceLanguage | undefined {
  const known = languages[extname(path)];
  if (known) return known;
  const program = /^#!.*?(node|python|bash|\bsh\b)/.exec(text)?.[1];
  if (program === 'node') return 'script';
  if (program === 'python') return 'python';
  if (program !== undefined) return 'shell';
  return isEntry || text.startsWith('#!') ? 'other' : undefined;
}

function looksLikeTest(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__)\/|\.(?:test|spec)\.[cm]?[jt]s$|(?:^|\/)test_[^/]*\.py$|_test\.py$/.test(path);
}

function escaped(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&');
}
