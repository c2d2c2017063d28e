import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'spiral-environment-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const spiralHome = () => join(home, '.spiral');
const load = (environment: NodeJS.ProcessEnv = {}) => loadConfig({ environment: { HOME: home, ...environment } });

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

describe('settings of the environment', () => {
  test('win over .env beside the file, and that over the file; what is empty counts as unset', async () => {
    const toml =
      '[discord]\nbot_token = "of the file"\nwhitelist = ["1"]\n[notion]\napi_key = "of the file"\n[queue]\nredis_url = "redis://file"\n';
    await write(join(spiralHome(), 'config.toml'), toml);
    await write(join(spiralHome(), '.env'), 'DISCORD_BOT_TOKEN="of dotenv"\nNOTION_API_KEY=of dotenv\nREDIS_URL=\n');
    const config = await load({ NOTION_API_KEY: ' of the environment ', DISCORD_BOT_TOKEN: '', REDIS_URL: '' });
    expect(config.discord.botToken?.reveal()).toBe('of dotenv');
    expect(config.notion.apiKey?.reveal()).toBe('of the environment');
    expect(config.queue.redisUrl?.reveal()).toBe('redis://file');
    expect(config.notices).toEqual([]);
  });

  test('.env is read without a config.toml beside it', async () => {
    await write(join(spiralHome(), '.env'), 'DATABASE_URL=postgres://u:p@h/d\n');
    expect((await load()).database.url?.reveal()).toBe('postgres://u:p@h/d');
  });

  test('.env sets nothing but settings, and a mistyped one is told of without its value', async () => {
    const path = await write(
      join(spiralHome(), '.env'),
      'PATH=/evil\nSPIRAL_HOME=/evil\nANTHROPIC_API_KYE=sk-secret\n',
    );
    const config = await load({ PATH: '/bin' });
    expect(config.home).toBe(spiralHome());
    expect(config.childEnvironment['PATH']).toBe('/bin');
    expect(config.notices).toEqual([
      `${path}: ANTHROPIC_API_KYE is not a setting of Spiral and is left out (did you mean ANTHROPIC_API_KEY?)`,
    ]);
  });

  test.skipIf(process.platform === 'win32')('a .env with secrets that others can read is told of', async () => {
    const path = await write(join(spiralHome(), '.env'), 'NOTION_API_KEY=secret\n');
    await chmod(path, 0o644);
    expect((await load()).notices).toEqual([expect.stringContaining(`chmod 600 ${path}`)]);
    await write(path, 'ANTHROPIC_BASE_URL=http://127.0.0.1:1\n');
    expect((await load()).notices).toEqual([]);
  });

  test('a folder that is called .env is left alone, a file that is no text is not', async () => {
    await mkdir(join(spiralHome(), '.env'), { recursive: true });
    expect((await load()).notices).toEqual([]);
    await rm(join(spiralHome(), '.env'), { recursive: true });
    await writeFile(join(spiralHome(), '.env'), Uint8Array.of(0xff, 0xfe));
    await expect(load()).rejects.toThrow(/\.env: is not UTF-8 text/);
  });

  test('placeholders count as unset there too', async () => {
    const config = await load({ DISCORD_BOT_TOKEN: 'your_bot_token' });
    expect(config.discord.botToken).toBeUndefined();
    expect(config.notices).toEqual(['DISCORD_BOT_TOKEN is still the example "your_bot_token" and counts as unset']);
  });

  test.each([
    ['DATABASE_URL', 'mysql://user:hidden@host/x', /DATABASE_URL must be an address such as postgresql:/],
    ['REDIS_URL', 'hidden', /REDIS_URL must be an address such as redis:/],
  ])('%s of another kind is refused without telling it', async (variable, value, message) => {
    const error: unknown = await load({ [variable]: value }).catch((failure: unknown) => failure);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('hidden');
  });

  test('who can not talk to the bot is told', async () => {
    expect((await load({ DISCORD_BOT_TOKEN: 'real' })).notices).toEqual([expect.stringContaining('answers nobody')]);
    await write(join(spiralHome(), 'config.toml'), '[discord]\nwhitelist = ["12345", "name"]\n');
    expect((await load()).notices).toEqual([expect.stringContaining('entry 2 is not the id of a user')]);
  });
});
