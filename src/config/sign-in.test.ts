import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'spiral-sign-in-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const keys = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_AUTH_TOKEN: 'token', CLAUDE_CODE_OAUTH_TOKEN: 'oauth' };

async function signIn(environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { signIn: chosen } = await loadConfig({ environment: { HOME: home, ...environment } });
  return 'secret' in chosen ? `${chosen.kind} ${chosen.secret.reveal()}` : chosen.kind;
}

async function logIn(folder: string, file = '.credentials.json', content = '{}'): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), content);
}

test('the first of API key, auth token, OAuth token and login is used', async () => {
  expect(await signIn()).toBe('none');
  await logIn(join(home, '.claude'));
  expect(await signIn(keys)).toBe('api-key key');
  expect(await signIn({ ...keys, ANTHROPIC_API_KEY: '' })).toBe('auth-token token');
  expect(await signIn({ CLAUDE_CODE_OAUTH_TOKEN: 'oauth' })).toBe('oauth-token oauth');
  expect(await signIn()).toBe('login');
});

test('a login is found where CLAUDE_CONFIG_DIR says, and only there', async () => {
  const folder = join(home, 'own');
  await logIn(join(home, '.claude'));
  expect(await signIn({ CLAUDE_CONFIG_DIR: folder })).toBe('none');
  await logIn(folder);
  expect(await signIn({ CLAUDE_CONFIG_DIR: folder })).toBe('login');
  const { claudeCode } = await loadConfig({ environment: { HOME: home, CLAUDE_CONFIG_DIR: folder } });
  expect(claudeCode.ownFolder).toBe(folder);
});

test.each([
  ['{"oauthAccount":{"emailAddress":"a@b"}}', 'login'],
  ['{"oauthAccount":null}', 'none'],
  ['{"oauthAccount":[]}', 'none'],
  ['{}', 'none'],
  ['{"oauthAccount"', 'none'],
  ['', 'none'],
])('.claude.json %s means %s', async (content, kind) => {
  await logIn(home, '.claude.json', content);
  expect(await signIn()).toBe(kind);
});

test.each(['http://localhost:11434', 'http://127.0.0.2:8080/', 'http://[::1]:1', 'http://model.localhost/v1'])(
  'a server on this machine (%s) needs no key, and no login is offered to it',
  async (url) => {
    await logIn(join(home, '.claude'));
    expect(await signIn({ ANTHROPIC_BASE_URL: url })).toBe('local-server');
    expect(await signIn({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'key' })).toBe('api-key key');
  },
);

test.each(['https://models.example', 'http://127.0.0.1.example', 'http://localhost.example', 'http://192.168.0.1'])(
  'a server elsewhere (%s) is no sign-in',
  async (url) => {
    expect(await signIn({ ANTHROPIC_BASE_URL: url })).toBe('none');
  },
);

test.each([
  ['https://models.example/', 'https://models.example'],
  ['https://models.example/api//', 'https://models.example/api'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['', undefined],
])('the address %j becomes %j', async (given, kept) => {
  const { baseUrl } = await loadConfig({ environment: { HOME: home, ANTHROPIC_BASE_URL: given } });
  expect(baseUrl).toBe(kept);
});

test.each([
  'ftp://models.example',
  'models.example',
  'https://user:hidden@models.example',
  'https://hidden@models.example',
  'https://models.example/?key=hidden',
  'https://models.example/#hidden',
])('the address %s is refused without telling it', async (url) => {
  const error: unknown = await signIn({ ANTHROPIC_BASE_URL: url }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ name: 'ConfigError', file: undefined });
  expect(String(error)).toMatch(/ANTHROPIC_BASE_URL must/);
  expect(String(error)).not.toMatch(/hidden|models/);
});
