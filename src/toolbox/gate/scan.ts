import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import { secretsIn } from '../../domain/secrets-in-text.ts';
import { asksForMore, type ToolFiles, type ToolManifest, type ToolPermissions } from '../../domain/tool.ts';
import { visible } from './finding.ts';
import { obscureIn, textOf } from './obscurity.ts';
import { checked } from './row.ts';
import type { Source } from './sources.ts';
import type { Use, UseKind } from './uses.ts';

export type Scanned = {
  readonly files: ToolFiles;
  readonly sources: readonly Source[];
  readonly uses: readonly Use[];
  readonly manifest: ToolManifest;
  /** What the version that is served may do. */
  readonly before: ToolPermissions | undefined;
};

/** Reads the files: whether they do what the manifest does not ask for, hold secrets, or cannot be read by a person. */
export function rowOfScan({ files, sources, uses, manifest, before }: Scanned): GateRow {
  const { permissions, command } = manifest;
  const findings = [
    ...uses.flatMap((use) => {
      const complaint = complaintAbout(use, permissions);
      return complaint === undefined ? [] : [`${use.path}, line ${use.line}: ${visible(use.what, 120)}: ${complaint}`];
    }),
    ...[...files].flatMap(([path, content]) => problemsOfFile(path, content, sources)),
    ...(runsInlineCode(command) ? ['tool.json: command: a program within the command line cannot be read'] : []),
  ];
  const unread = sources.filter(({ language }) => language === 'other').map(({ path }) => path);
  const notes = [
    `${counted(files.size, 'file')}, ${counted(uses.filter(({ kind }) => kind !== 'chance').length, 'use')} of rights`,
    ...(unread.length > 0 ? [`in a language that is not read here: ${unread.join(', ')}`] : []),
    ...rightsAskedFor(permissions, before),
  ];
  return checked('scan', notes.join('; '), findings);
}

const meaning: Readonly<Record<Exclude<UseKind, 'chance'>, string>> = {
  network: 'the network is used, and permissions.hosts names no host',
  files: 'files are used beyond reading its own, and permissions.read and permissions.write name none',
  processes: 'other programs are started, and permissions.subprocess does not ask for it',
  environment: 'a variable of the environment is read that permissions.env does not name',
  'hidden-code': 'code that does not stand in a file is run, or can be',
  'native-code': 'native code is run, which nobody can read',
};

function complaintAbout({ kind }: Use, permissions: ToolPermissions): string | undefined {
  switch (kind) {
    case 'chance':
      return undefined; // Only a tool that says it is deterministic must not have it.
    case 'network':
      return permissions.hosts.length > 0 ? undefined : meaning[kind];
    case 'files':
      return permissions.read.length + permissions.write.length > 0 ? undefined : meaning[kind];
    case 'processes':
      return permissions.subprocess ? undefined : meaning[kind];
    case 'environment':
    case 'hidden-code':
    case 'native-code':
      return meaning[kind];
  }
}

function problemsOfFile(path: string, content: Uint8Array, sources: readonly Source[]): string[] {
  const text = textOf(content);
  if (text === undefined) return [`${visible(path, 100)}: it is no text, and nobody can read what is in it`];
  const source = sources.find((each) => each.path === path);
  return [
    ...secretsIn(text).map(({ what, line }) => `${path}, line ${line}: ${what} stands in it`),
    ...obscureIn(text, source !== undefined).map(({ what, line }) => `${path}, line ${line}: ${what}`),
  ];
}

function runsInlineCode(command: readonly string[] | undefined): boolean {
  return (command ?? []).some((word) => /^(?:-c|-e|-p|--eval|--print|-pe|-ne|-lc)$/.test(word));
}

/** Whoever adopts it reads what it asks for, first of all what is new. */
function rightsAskedFor(asked: ToolPermissions, before: ToolPermissions | undefined): string[] {
  const named = (['read', 'write', 'hosts', 'env'] as const).flatMap((right) => {
    const fresh = asked[right].filter((one) => !before?.[right].includes(one));
    return fresh.length === 0 ? [] : [`${right} ${fresh.join(', ')}`];
  });
  const all = asked.subprocess && !before?.subprocess ? [...named, 'subprocess'] : named;
  if (all.length === 0) return [];
  const isMore = before !== undefined && asksForMore(before, asked);
  return [`it asks for ${isMore ? 'more than the version before: ' : ''}${all.join('; ')}`];
}
