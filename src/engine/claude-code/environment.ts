import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How Claude Code signs in to the model API. `login` uses what the person's own Claude Code has stored. */
export type SignIn =
  | { readonly kind: 'api-key'; readonly value: string }
  | { readonly kind: 'auth-token'; readonly value: string }
  | { readonly kind: 'oauth-token'; readonly value: string }
  /** `folder` is where Claude Code keeps the login when it is not the usual place. */
  | { readonly kind: 'login'; readonly folder?: string };

export const secretVariables = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];

const variableOf = {
  'api-key': 'ANTHROPIC_API_KEY',
  'auth-token': 'ANTHROPIC_AUTH_TOKEN',
  'oauth-token': 'CLAUDE_CODE_OAUTH_TOKEN',
} as const;

/** Behaviour that Claude Code takes from its environment only. */
const fixedSettings = {
  // A command whose time is up is ended; otherwise it would go on in the background when the round is over.
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  // About eight seconds of retries; the default would hide a dead API for minutes.
  CLAUDE_CODE_MAX_RETRIES: '4',
  // Our tools are few and all loaded: the search for others is a tool of its own in every request.
  ENABLE_TOOL_SEARCH: 'false',
  BASH_DEFAULT_TIMEOUT_MS: '120000',
  BASH_MAX_TIMEOUT_MS: '600000',
};

/**
 * The whole environment of a Claude Code process.
 *
 * With a key, its state (transcripts) lies in a folder of ours, so that nothing of the person's own Claude Code takes part;
 * with a login it must stay where the login is. Every command that Claude Code runs reads a file first that removes the
 * key from the command's environment.
 *
 * @param folder where the engine keeps its state, absolute
 */
export async function sessionEnvironment(
  folder: string,
  base: Readonly<Record<string, string>>,
  signIn: SignIn,
  baseUrl: string | undefined,
): Promise<Record<string, string>> {
  const commandFile = join(folder, 'before-each-command.sh');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(commandFile, `unset ${secretVariables.join(' ')}\n`, { mode: 0o600 });
  return {
    ...base,
    ...withoutProxy(base),
    ...fixedSettings,
    CLAUDE_ENV_FILE: commandFile,
    ...signInVariables(folder, signIn),
    ...(baseUrl === undefined ? {} : { ANTHROPIC_BASE_URL: baseUrl }),
  };
}

const loopback = ['127.0.0.1', 'localhost'];

/** The gateway and our tools are on this machine: a person's proxy cannot reach them. */
export function withoutProxy(base: Readonly<Record<string, string>>): Record<string, string> {
  const isProxied = Object.keys(base).some((name) => /^(?:https?|all)_proxy$/i.test(name));
  if (!isProxied) return {};
  const given = (base['NO_PROXY'] ?? base['no_proxy'] ?? '').split(',').map((host) => host.trim());
  const hosts = [...new Set([...given, ...loopback])].filter((host) => host !== '').join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}

function signInVariables(folder: string, signIn: SignIn): Record<string, string> {
  if (signIn.kind === 'login') return signIn.folder === undefined ? {} : { CLAUDE_CONFIG_DIR: signIn.folder };
  return { CLAUDE_CONFIG_DIR: folder, [variableOf[signIn.kind]]: signIn.value };
}
