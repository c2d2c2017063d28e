import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Wanted } from '../../domain/permission.ts';

/** Something that a person can decide, or why no person is asked for it. */
export type Asked =
  | { readonly kind: 'wanted'; readonly wanted: Wanted }
  | { readonly kind: 'refused'; readonly reason: string };

/** The name under which Claude Code asks for a host that a command wants to reach. */
export const networkTool = 'SandboxNetworkAccess';

const longestCommand = 4_000;
const longestField = 2_000;
const longestReason = 300;
const longestTitle = 160;

/** A name with a top-level domain. Addresses, and the names of this machine, are nothing that a person should be asked for. */
const hostName = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const localName = /\.(?:localhost|local|internal|localdomain|home|lan)$/;

/**
 * A host that a command wants to reach.
 *
 * @param command the last one that began; nothing tells which of several it was
 */
export function wantedHost(input: Readonly<Record<string, unknown>>, command: string | undefined): Asked {
  const named = input['host'];
  const host = typeof named === 'string' ? named.toLowerCase() : '';
  if (!hostName.test(host) || localName.test(host)) {
    return refused('a host can be asked for only by a public name, and not by an address');
  }
  const during = command === undefined ? [] : ['The command that began last:', indented(bounded(command))];
  const text = [
    `A command wants to reach ${host}, which is not among the hosts that commands may reach.`,
    ...during,
    'Allowed, every command of this task may reach this host, on any port, until the task is over.',
  ];
  return { kind: 'wanted', wanted: { permission: { kind: 'host', host }, text: text.join('\n') } };
}

/**
 * A call that Claude Code makes only with permission.
 *
 * @param reason why it asks, in its words
 */
export function wantedCall(
  tool: string,
  input: Readonly<Record<string, unknown>>,
  reason: string | undefined,
  workspace: string,
): Asked {
  const deciding = tool === 'Bash' ? { command: input['command'] } : input;
  const { command, file_path: path } = input;
  if (typeof command === 'string' && command.length > longestCommand) {
    return refused(
      `the command needs a person's permission, and nobody decides about one of ${command.length} characters: make it shorter than ${longestCommand}`,
    );
  }
  const about = typeof command === 'string' ? command : typeof path === 'string' ? relative(workspace, path) : '';
  const title = visible(`${tool} ${about}`.trim().split('\n')[0] ?? '').slice(0, longestTitle);
  const fields = Object.entries(deciding).map(([name, value]) => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    return `${name}:\n${indented(name === 'command' ? visible(text) : bounded(text))}`;
  });
  const text = [
    `The agent wants permission for this call of ${tool}:`,
    ...fields,
    ...(reason === undefined ? [] : [`Why it has to ask: ${visible(reason).slice(0, longestReason)}`]),
    'Allowed, it may make exactly this call until the task is over.',
  ];
  const permission = { kind: 'call', tool, digest: digestOf(deciding), title } as const;
  return { kind: 'wanted', wanted: { permission, text: text.join('\n') } };
}

/** The same for calls that do the same, in whatever order their fields stand. */
function digestOf(call: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(call).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function bounded(text: string): string {
  const shown = visible(text.slice(0, longestField));
  return text.length <= longestField ? shown : `${shown}\n… and ${text.length - longestField} more characters`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Nothing may hide: what has no sign of its own is spelled out. */
function visible(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

function refused(reason: string): Asked {
  return { kind: 'refused', reason };
}
