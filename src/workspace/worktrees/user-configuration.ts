import type { GitSetting } from '../git/git.ts';

/** Who commits. */
export type Identity = { readonly name: string; readonly email: string };

/** What of a person's git configuration counts for work that we do in their repository. */
export type UserConfiguration = {
  readonly identity: Identity;
  /** The filters that a program is configured for, and that checking out and committing would run. */
  readonly filters: ReadonlySet<string>;
  /** Keeps line ends and ignored files as the person has them everywhere, and takes every program out of use. */
  readonly settings: readonly GitSetting[];
  /** Files of the repository are fetched from a server when they are needed. */
  readonly isPartial: boolean;
  readonly hasOtherWorkTree: boolean;
};

const spiral: Identity = { name: 'Spiral', email: 'spiral@localhost' };

/** Of the global configuration, these count where the repository says nothing itself. */
const inherited = ['core.autocrlf', 'core.eol', 'core.excludesfile'];

/** @param listed what `git config --list -z --show-scope` printed */
export function userConfiguration(listed: string): UserConfiguration {
  const entries = entriesIn(listed);
  const value = (key: string) => entries.findLast((entry) => entry.key === key)?.value;
  const name = value('author.name') ?? value('user.name');
  const email = value('author.email') ?? value('user.email');
  const programs = entries.flatMap(({ key, value }) => programOf(key, value) ?? []);
  const isLocal = (key: string) => entries.some((entry) => entry.key === key && entry.scope !== 'global');
  return {
    identity: name && email ? { name, email } : spiral,
    filters: new Set(programs.filter(({ kind, runs }) => kind === 'filter' && runs).map((program) => program.name)),
    settings: [
      ...inherited.flatMap((key): GitSetting[] => {
        const given = value(key);
        return given === undefined || isLocal(key) ? [] : [[key, given]];
      }),
      ...programs.flatMap(withoutProgram),
    ],
    isPartial: entries.some(({ key }) => key === 'extensions.partialclone' || /^remote\..*\.promisor$/s.test(key)),
    hasOtherWorkTree: value('core.worktree') !== undefined,
  };
}

type Entry = { readonly scope: string; readonly key: string; readonly value: string };

function entriesIn(listed: string): Entry[] {
  const fields = listed.split('\0');
  return fields.flatMap((scope, index) => {
    const entry = fields[index + 1];
    // Ours are listed as well.
    if (index % 2 === 1 || entry === undefined || scope === 'command') return [];
    const end = entry.indexOf('\n');
    return [{ scope, key: end < 0 ? entry : entry.slice(0, end), value: end < 0 ? 'true' : entry.slice(end + 1) }];
  });
}

type Program = { readonly kind: 'filter' | 'merge' | 'hook'; readonly name: string; readonly runs: boolean };

/** Git writes the section and the last part of a key in small letters, and the name between them as it is. */
function programOf(key: string, value: string): Program | undefined {
  const match = /^(filter|merge|hook)\.(.+)\.(clean|smudge|process|driver|command|event|required)$/s.exec(key);
  const [, kind, name, what] = match ?? [];
  if (name === undefined || (kind !== 'filter' && kind !== 'merge' && kind !== 'hook')) return undefined;
  return { kind, name, runs: what !== 'required' && value !== '' };
}

function withoutProgram({ kind, name }: Program): GitSetting[] {
  switch (kind) {
    case 'filter':
      return [
        [`filter.${name}.clean`, ''],
        [`filter.${name}.smudge`, ''],
        [`filter.${name}.process`, ''],
        [`filter.${name}.required`, 'false'],
      ];
    case 'merge':
      // An empty one would count as a merge that went well and kept nothing of the branch; this one is a conflict.
      return [[`merge.${name}.driver`, 'false']];
    case 'hook':
      return [[`hook.${name}.enabled`, 'false']];
  }
}
