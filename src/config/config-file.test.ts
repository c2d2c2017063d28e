import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spiral-config-'));
  path = join(folder, 'config.toml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(text: string | Uint8Array) {
  await writeFile(path, text, { mode: 0o600 });
  return readConfigFile(path, true);
}

async function problemOf(text: string | Uint8Array): Promise<ConfigError> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

test('every wrong value is told by file, line, key, what is expected and what is there', async () => {
  const error = await problemOf('[system]\nmax_messages_per_agent = 3\n\nescalation_threshold = "fifteen"\n');
  expect(error).toMatchObject({ file: path, line: 4 });
  expect(error.message).toBe(
    `${path}:4: system.escalation_threshold must be a whole number from 1 to 65535, not "fifteen"`,
  );
  expect(error.cure).toContain('system.escalation_threshold');
});

test.each([
  ['[agents.project_manager]\nresponse_priority = 11', /response_priority must be a whole number from 1 to 10, not 11/],
  ['[agents.process_coach]\nresponse_priority = 1.5', /must be a whole number from 1 to 10, not 1.5/],
  ['[agents.software_developer]\ntool_building_allocation = 1.01', /must be a number from 0 to 1, not 1.01/],
  ['[agents.software_developer]\nefficiency_threshold = nan', /efficiency_threshold must be a number .* not NaN/],
  ['[agents.decision_maker]\ngithub_integration = "yes"', /must be true or false, not "yes"/],
  ['[agents.decision_maker]\nclaude_timeout_ms = 999', /from 1000 to 86400000, not 999/],
  ['[discord]\nwhitelist = "one"', /whitelist must be a list of Discord user ids in quotation marks, not "one"/],
  ['[discord]\nwhitelist = ["1", 2]', /whitelist\[1\] must be a list of Discord user ids in quotation marks, not 2/],
  ['[claude_code]\nmodel = " "', /model must be the name of a model, not " "/],
  ['[claude_code]\npass_environment = ["A-B"]', /pass_environment\[0\] must be the name of an environment variable/],
  ['[verification]\njunit = "../report.xml"\ncommand = "x"', /junit must be a path inside the workspace/],
  ['[claude_code]\ntimeout = 1979-05-27', /not a date/],
  ['[claude_code]\ntimeout = { seconds = 1 }', /not a section/],
  ['[database]\nurl = "mysql://a:b@c/d"', /database.url must be an address such as postgresql:.*, not text$/],
  ['[queue]\nredis_url = 6379', /redis_url must be an address such as redis:.*, not a number$/],
  ['[queue]\nredis_url = ["redis://:secret@host"]', /not a list$/],
])('line 2 of %j is refused', async (text, message) => {
  const error = await problemOf(text);
  expect(error.line).toBe(2);
  expect(error.message).toMatch(message);
});

test.each([
  ['discord = "a token in the wrong place"', 1, /discord must be a section, not text$/],
  ['[verification]\n\njunit = "report.xml"', 3, /junit needs verification.command/],
  ['[sistem]', 1, /\[sistem\] is not a section of Spiral/],
  ['[claude_code]\nmodle = "x"', 2, /claude_code.modle is not a setting of Spiral/],
  ['[agents.project_manager]\nprompts = 1\nlimit = 2', 2, /agents.project_manager.prompts is not .* \(and 1 more\)/],
  ['a = 1\n[discord]\nwhitelist = 1', 1, /\[a\] is not a section of Spiral \(and 1 more\)/],
])('the first problem of %j stands on line %d', async (text, line, message) => {
  const error = await problemOf(text);
  expect(error.line).toBe(line);
  expect(error.message).toMatch(message);
});

test.each([
  ['[sistem]', 'Did you mean system?'],
  ['[claude_code]\nmodle = "x"', 'Did you mean model?'],
  ['[agents.developer]', 'Did you mean software_developer?'],
  ['[agents.developer]\nprompt_limit = 1', 'software_developer'],
  ['[system]\nprompt_limit = 1', 'Did you mean default_prompt_limit?'],
  ['[claude_code]\nwhitelist = []', 'Did you mean discord.whitelist?'],
  [
    '[zzz]',
    'Known here: system, agents, claude_code, verification, budget, projects, tools, llm, conversations, topics, sandbox, repository, model_api, unattended, retention, database, queue, discord, notion.',
  ],
])('the cure for %j names what was meant', async (text, cure) => {
  expect((await problemOf(text)).cure).toContain(cure);
});

test.each([
  ['[system', 1],
  ['[system]\nmax_messages_per_agent = three', 2],
  ['[system]\nmax_messages_per_agent = 3\nmax_messages_per_agent = 4', 3],
  ['[discord]\nbot_token = "a-real-token', 2],
  ['[system]\n__proto__ = 1', 2],
  ['[system]\nmax_messages_per_agent = 99999999999999999999', 2],
])('the syntax error in %j has its line and column and repeats nothing of the file', async (text, line) => {
  const error = await problemOf(text);
  expect(error).toMatchObject({ file: path, line });
  expect(error.message).toMatch(/\(column \d+\)$/);
  expect(error.message).not.toMatch(/\n|three|a-real-token|9999/);
});

test('a folder, a pipe, foreign bytes and a huge file are each named as what they are', async () => {
  await mkdir(join(folder, 'sub'));
  await expect(readConfigFile(join(folder, 'sub'), true)).rejects.toThrow(/sub: is a folder, not a file/);
  await expect(readConfigFile('/dev/null', true)).rejects.toThrow(/is not a file/);
  expect((await problemOf(Uint8Array.of(0x5b, 0xff, 0xfe))).message).toMatch(/is not UTF-8 text/);
  expect((await problemOf('#'.repeat(1_000_001))).message).toMatch(/larger than 1 MB/);
  expect((await problemOf(Uint8Array.of(0xef, 0xbb, 0xbf, ...Buffer.from('[sistem]')))).line).toBe(1);
});

test('a file that may not be read is named', async () => {
  await read('');
  await chmod(path, 0);
  // Root may read everything: the look is then taken as somebody else.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(readConfigFile(path, true)).rejects.toThrow(/cannot be read \(EACCES\)/);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('a file below another file cannot be read, and a missing one matters only when it was asked for', async () => {
  await read('');
  await expect(readConfigFile(join(path, 'config.toml'), true)).rejects.toThrow(/cannot be read \(ENOTDIR\)/);
  const missing = join(folder, 'none.toml');
  await expect(readConfigFile(missing, true)).rejects.toThrow(`${missing}: there is no such file`);
  expect(await readConfigFile(missing, false)).toMatchObject({ notices: [] });
});

test.skipIf(process.platform === 'win32')(
  'a file with secrets that others can read is told of, one without is not',
  async () => {
    await read('[discord]\nbot_token = "real"');
    await chmod(path, 0o640);
    expect((await readConfigFile(path, true)).notices).toEqual([
      `${path}: holds secrets and others on this machine can read it: chmod 600 ${path}`,
    ]);
    await chmod(path, 0o600);
    expect((await readConfigFile(path, true)).notices).toEqual([]);
    await read('[discord]\nbot_token = "your_bot_token"');
    await chmod(path, 0o644);
    expect((await readConfigFile(path, true)).notices).toEqual([expect.stringContaining('still the example')]);
  },
);

test('no secret of a wrong file gets into the error', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_.-]{21,60}$/);
  const breaks = fc.constantFrom(
    (value: string) => `[discord]\nbot_token = ["${value}"]`,
    (value: string) => `[discord]\nbot_token = { token = "${value}" }`,
    (value: string) => `[discord]\nbot_tokn = "${value}"`,
    (value: string) => `discord = "${value}"`,
    (value: string) => `[discord]\nbot_token = "${value}`,
    (value: string) => `[discord]\nbot_token = ${value}`,
    (value: string) => `[notion]\napi_key = "${value}" "${value}"`,
    (value: string) => `[database]\nurl = "${value}"`,
    (value: string) => `[queue]\nredis_url = "http://:${value}@host"`,
    (value: string) => `[discord]\nwhitelist = "${value}"`,
    (value: string) => `[claude_code]\ntimeout = "${value}"`,
    (value: string) => `[discord]\nbot_token = "${value}"\n[system]\nescalation_threshold = -1`,
  );
  await fc.assert(
    fc.asyncProperty(secret, breaks, async (value, breakIt) => {
      const { message, cure, stack } = await problemOf(breakIt(value));
      expect(`${message}\n${cure}\n${stack}`).not.toContain(value);
      expect(message).not.toContain('\n');
    }),
  );
});
