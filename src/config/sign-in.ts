import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ConfigError } from './config-error.ts';
import type { Settings } from './environment.ts';
import { Secret } from './secret.ts';

/** How the model API is reached: what is sent as proof of who we are. */
export type SignIn =
  | { readonly kind: 'api-key'; readonly secret: Secret }
  /** Sent as a bearer token. */
  | { readonly kind: 'auth-token'; readonly secret: Secret }
  | { readonly kind: 'oauth-token'; readonly secret: Secret }
  /** The base URL is a server on this machine; such servers want a word as their key and do not look at it. */
  | { readonly kind: 'local-server' }
  /** The person's own Claude Code is signed in; there is no key to hold. */
  | { readonly kind: 'login' }
  | { readonly kind: 'none' };

/**
 * The first that is there: API key, auth token, OAuth token, a model server on this machine, the login of Claude
 * Code. The login comes last so that it is never offered to a local server.
 *
 * @param claudeFolder `$CLAUDE_CONFIG_DIR`, when it is set
 */
export async function signInOf(
  settings: Settings,
  baseUrl: string | undefined,
  home: string,
  claudeFolder: string | undefined,
): Promise<SignIn> {
  const apiKey = settings.get('ANTHROPIC_API_KEY');
  if (apiKey !== undefined) return { kind: 'api-key', secret: new Secret(apiKey.value) };
  const authToken = settings.get('ANTHROPIC_AUTH_TOKEN');
  if (authToken !== undefined) return { kind: 'auth-token', secret: new Secret(authToken.value) };
  const oauthToken = settings.get('CLAUDE_CODE_OAUTH_TOKEN');
  if (oauthToken !== undefined) return { kind: 'oauth-token', secret: new Secret(oauthToken.value) };
  if (baseUrl !== undefined && isLoopback(new URL(baseUrl).hostname)) {
    return { kind: 'local-server' };
  }
  return { kind: (await isLoggedIn(home, claudeFolder)) ? 'login' : 'none' };
}

/** `ANTHROPIC_BASE_URL` without a slash at its end. Throws `ConfigError` when it is no http(s) URL or carries credentials. */
export function baseUrlOf(settings: Settings): string | undefined {
  const setting = settings.get('ANTHROPIC_BASE_URL');
  if (setting === undefined) return undefined;
  const place = setting.file === undefined ? {} : { file: setting.file };
  const url = URL.canParse(setting.value) ? new URL(setting.value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    const example = 'Set it to an address such as http://127.0.0.1:11434.';
    throw new ConfigError('ANTHROPIC_BASE_URL must be an http or https address', example, place);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const cure =
      'Put a key into ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN and leave only host, port and path in the address.';
    throw new ConfigError('ANTHROPIC_BASE_URL must not hold a user, a password or a query', cure, place);
  }
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** macOS keeps the token in its keychain; there only the account in `.claude.json` tells of a login. */
async function isLoggedIn(home: string, claudeFolder: string | undefined): Promise<boolean> {
  if (await isFile(join(claudeFolder ?? join(home, '.claude'), '.credentials.json'))) return true;
  return hasAccount(join(claudeFolder ?? home, '.claude.json'));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    return notThere(error);
  }
}

const account = z.object({ oauthAccount: z.record(z.string(), z.unknown()) });

async function hasAccount(path: string): Promise<boolean> {
  try {
    return account.safeParse(JSON.parse(await readFile(path, 'utf8'))).success;
  } catch (error) {
    // A file that Claude Code itself could not read either.
    if (error instanceof SyntaxError) return false;
    return notThere(error);
  }
}

/** What cannot be looked at counts as no login: Claude Code runs as the same user and could not use it. */
function notThere(error: unknown): false {
  if (error instanceof Error && 'code' in error) return false;
  throw error;
}
