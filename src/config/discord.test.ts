import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Config, loadConfig } from './config.ts';

async function loaded(discord: string, environment: Record<string, string> = {}): Promise<Config> {
  const home = await mkdtemp(join(tmpdir(), 'spiral-discord-'));
  try {
    const configPath = join(home, 'config.toml');
    await writeFile(configPath, discord, { mode: 0o600 });
    return await loadConfig({ configPath, environment: { HOME: '/home/me', SPIRAL_HOME: home, ...environment } });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

test('what is left out of [discord] has defaults, and nobody is admitted', async () => {
  const { discord, notices } = await loaded('');
  expect(discord).toEqual({
    botToken: undefined,
    whitelist: [],
    roles: [],
    approvers: undefined,
    notificationChannel: undefined,
    defaultAgent: 'developer',
    messagesPerMinute: 10,
    remindAfterSeconds: 14_400,
    apiBase: undefined,
    channels: [],
  });
  expect(notices).toEqual([]);
});

test('everything of [discord] is read', async () => {
  const { discord, notices } = await loaded(`
[discord]
whitelist = ["123"]
roles = ["456"]
approvers = ["123"]
notification_channel = "agent-system"
default_agent = "pm"
messages_per_minute = 3
remind_after = 0
api_base = "http://127.0.0.1:8080/api//"
[discord.channels.todo-app]
repo = "~/projects/todo"
[discord.channels."789012345678901234"]
`);
  expect(discord).toEqual({
    botToken: undefined,
    whitelist: ['123'],
    roles: ['456'],
    approvers: ['123'],
    notificationChannel: 'agent-system',
    defaultAgent: 'project-manager',
    messagesPerMinute: 3,
    remindAfterSeconds: 0,
    apiBase: 'http://127.0.0.1:8080/api',
    channels: [{ channel: 'todo-app', repository: '/home/me/projects/todo' }, { channel: '789012345678901234' }],
  });
  expect(notices).toEqual([]);
});

test('approvers that are named wrongly let nobody decide, rather than everybody', async () => {
  const { discord, notices } = await loaded('[discord]\nwhitelist = ["1"]\napprovers = [""]\nroles = ["admins"]\n');
  expect(discord.approvers).toEqual([]);
  expect(notices).toEqual(['discord.roles: entry 1 is not the id of a role, which is a number, and admits nobody']);
});

test('a bot that would answer nobody is told of, and members of a role are somebody', async () => {
  const token = { DISCORD_BOT_TOKEN: 'token' };
  expect((await loaded('', token)).notices).toEqual(['discord.whitelist is empty: the Discord bot answers nobody']);
  expect((await loaded('[discord]\nroles = ["1"]', token)).notices).toEqual([]);
});

test.each([
  ['api_base = "http://discord.example/api"', /api_base must be an address such as https/],
  ['api_base = "https://me:password@discord.example"', /api_base must be an address/],
  ['api_base = "http://127.0.0.1.evil.example"', /api_base must be an address/],
  ['default_agent = "boss"', /default_agent must be an agent such as "dev"/],
  ['remind_after = "4h"', /remind_after must be a whole number/],
  ['approvers = [1]', /approvers\[0\] must be a list of Discord user ids|approvers\[1\] must be/],
  ['[discord.channels.a]\nrepo = "relative/path"', /channels\.a\.repo must be the whole path of a repository/],
  ['[discord.channels.a]\nrepository = "/x"', /repository is not a setting/],
])('%s is refused', async (line, problem) => {
  await expect(loaded(`[discord]\n${line}`)).rejects.toThrow(problem);
});
