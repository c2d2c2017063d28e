import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentRoles } from '../domain/agent.ts';
import { type Config, loadConfig } from './config.ts';
import { settingVariables } from './environment.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'spiral-config-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const spiralHome = () => join(home, '.spiral');
const load = (environment: NodeJS.ProcessEnv = {}, configPath?: string) =>
  loadConfig({ environment: { HOME: home, ...environment }, ...(configPath === undefined ? {} : { configPath }) });

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** As it stands in the specification, with the line that names it. */
const specified = `// config.toml
[system]
max_messages_per_agent = 3
escalation_threshold = 15
default_prompt_limit = 50
feedback_iteration_frequency = 5

[agents.project_manager]
prompt_limit = 75
efficiency_threshold = 1.2
response_priority = 9

[agents.software_developer]
prompt_limit = 100
tool_building_allocation = 0.7
response_priority = 8

[discord]
bot_token = "your_bot_token"
whitelist = ["user_id_1", "user_id_2"]
notification_channel = "agent-system"

[notion]
api_key = "your_notion_key"
projects_db = "database_id"
tasks_db = "database_id"
`;

describe('the example of the specification', () => {
  let config: Config;
  let path: string;
  beforeEach(async () => {
    path = await write(join(home, 'elsewhere', 'config.toml'), specified);
    config = await load({}, path);
  });

  test('loads unchanged', () => {
    expect(config.file).toBe(path);
    expect(config.system).toEqual({
      maxMessagesPerAgent: 3,
      escalationThreshold: 15,
      defaultPromptLimit: 50,
      feedbackIterationFrequency: 5,
      cycleSeconds: 86_400,
    });
    expect(config.agents['project-manager']).toMatchObject({
      promptLimit: 75,
      efficiencyThreshold: 1.2,
      responsePriority: 9,
    });
    expect(config.agents.developer).toMatchObject({
      promptLimit: 100,
      toolBuildingAllocation: 0.7,
      responsePriority: 8,
    });
    expect(config.agents['process-coach']).toMatchObject({ promptLimit: 50, maxMessagesPerConversation: 3 });
    expect(config.discord.notificationChannel).toBe('agent-system');
  });

  test('has none of its placeholders in the result, and says which they were and where', () => {
    expect(config.discord).toMatchObject({ botToken: undefined, whitelist: [] });
    expect(config.notion).toEqual({ apiKey: undefined, projectsDatabase: undefined, tasksDatabase: undefined });
    const where = ['19: discord.bot_token', '20: discord.whitelist', '20: discord.whitelist', '24: notion.api_key'];
    expect(config.notices).toHaveLength(6);
    for (const [index, place] of where.entries()) {
      expect(config.notices[index]).toMatch(`${path}:${place} is still the example`);
    }
  });
});

describe('where the configuration comes from', () => {
  test('nothing configured is fine: every default holds, and every role is there', async () => {
    const config = await load();
    expect(config).toMatchObject({ home: spiralHome(), file: undefined, notices: [], signIn: { kind: 'none' } });
    expect(Object.keys(config.agents).sort()).toEqual([...agentRoles].sort());
    expect(config.claudeCode).toMatchObject({ model: 'sonnet', roundTimeoutSeconds: 600 });
    expect(config.verification).toMatchObject({ timeoutSeconds: 600 });
    expect(await loadConfig({ environment: {} })).toMatchObject({ home: join(homedir(), '.spiral') });
  });

  test('--config comes before SPIRAL_CONFIG, that before the file in SPIRAL_HOME', async () => {
    const model = (name: string) => `[claude_code]\nmodel = "${name}"\n`;
    const other = join(home, 'other-home');
    await write(join(other, 'config.toml'), model('of the home'));
    const named = await write(join(home, 'named.toml'), model('of the variable'));
    const given = await write(join(home, 'given.toml'), model('of the option'));
    expect((await load({ SPIRAL_HOME: other })).claudeCode.model).toBe('of the home');
    expect((await load({ SPIRAL_HOME: other, SPIRAL_CONFIG: named })).claudeCode.model).toBe('of the variable');
    const config = await load({ SPIRAL_HOME: other, SPIRAL_CONFIG: named }, given);
    expect(config.claudeCode.model).toBe('of the option');
    expect(config.home).toBe(other);
  });

  test('a file that was asked for must be there', async () => {
    await expect(load({}, join(home, 'none.toml'))).rejects.toThrow(/none.toml: there is no such file/);
    await expect(load({ SPIRAL_CONFIG: join(home, 'none.toml') })).rejects.toThrow(/no such file/);
  });

  test.each(['SPIRAL_HOME', 'SPIRAL_CONFIG', 'CLAUDE_CONFIG_DIR', 'HOME'])(
    '%s must be absolute, so that no folder one happens to be in decides',
    async (variable) => {
      await expect(load({ [variable]: 'config' })).rejects.toThrow(
        `${variable} must be an absolute path, not "config"`,
      );
    },
  );

  test('nothing is read from the current folder', async () => {
    await write(join(home, 'clone', 'config.toml'), '[claude_code]\nmodel = "redirected"\n');
    await write(join(home, 'clone', '.env'), 'ANTHROPIC_BASE_URL=http://attacker.example\n');
    const before = process.cwd();
    process.chdir(join(home, 'clone'));
    try {
      expect(await load()).toMatchObject({ baseUrl: undefined, claudeCode: { model: 'sonnet' } });
      expect((await load({}, 'config.toml')).baseUrl).toBe('http://attacker.example');
    } finally {
      process.chdir(before);
    }
  });
});

test('what an agent does not set it takes from [system] and [claude_code]', async () => {
  const toml =
    '[system]\ndefault_prompt_limit = 7\nmax_messages_per_agent = 2\n[claude_code]\ntimeout = 30\n[agents.decision_maker]\nclaude_timeout_ms = 1500\nmax_messages_per_conversation = 9\nmax_claude_requests_per_cycle = 4\ngithub_integration = true\n';
  await write(join(spiralHome(), 'config.toml'), toml);
  const { agents } = await load();
  const agent = { promptLimit: 7, maxMessagesPerConversation: 2, roundTimeoutSeconds: 30, githubIntegration: false };
  expect(agents.developer).toMatchObject(agent);
  expect(agents['decision-maker']).toMatchObject({
    promptLimit: 7,
    roundTimeoutSeconds: 1.5,
    maxMessagesPerConversation: 9,
    maxClaudeRequestsPerCycle: 4,
    githubIntegration: true,
  });
});

test('the configuration is frozen all the way down', async () => {
  const config = await load({ PATH: '/bin', ANTHROPIC_API_KEY: 'x' });
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(frozen(config)).toBe(true);
});

test('no secret, wherever it comes from, is in the printed configuration', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);
  const path = join(spiralHome(), 'config.toml');
  await fc.assert(
    fc.asyncProperty(
      secret,
      secret,
      fc.subarray([...settingVariables], { minLength: 1 }),
      async (value, inFile, names) => {
        const forms: Partial<Record<string, string>> = {
          DATABASE_URL: `postgresql://spiral:${value}@host/db`,
          REDIS_URL: `rediss://:${value}@host`,
          ANTHROPIC_BASE_URL: 'https://api.example',
        };
        const environment = Object.fromEntries(names.map((name) => [name, forms[name] ?? value]));
        await write(
          path,
          `[discord]\nbot_token = "${inFile}"\n[notion]\napi_key = "${inFile}"\n[database]\nurl = "postgres://a:${inFile}@b"\n`,
        );
        const config = await load({ ...environment, PATH: '/bin' });
        const printed = [
          JSON.stringify(config),
          inspect(config, { depth: 20, showHidden: true }),
          String(config),
        ].join();
        expect(printed).not.toContain(value);
        expect(printed).not.toContain(inFile);
      },
    ),
    { numRuns: 50 },
  );
});
