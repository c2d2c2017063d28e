import * as z from 'zod';
import { roleNamed } from '../domain/agent.ts';
import { type AddressKind, isAddress, isDiscordAddress, postgresAddress, redisAddress } from './addresses.ts';

/*
 * The whole config.toml. The text of every `error` says what is expected; it stands behind "must be".
 */

const second = 1_000;
const daySeconds = 86_400;

function wholeNumber(from: number, to: number) {
  const error = `a whole number from ${from} to ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
}

function number(from: number, to: number) {
  const error = `a number from ${from} to ${to}`;
  return z.number({ error }).min(from, { error }).max(to, { error });
}

function text(error = 'text in quotation marks') {
  return z.string({ error });
}

/** An empty text counts as not given. */
function optionalText(error?: string) {
  return text(error)
    .trim()
    .transform((value) => (value === '' ? undefined : value))
    .optional();
}

const agent = {
  prompt_limit: wholeNumber(1, 1_000_000).optional(),
  efficiency_threshold: number(0, 100).default(1),
  response_priority: wholeNumber(1, 10).default(5),
  tool_building_allocation: number(0, 1).default(0.5),
  max_claude_requests_per_cycle: wholeNumber(1, 1_000_000).optional(),
  max_messages_per_conversation: wholeNumber(1, 255).optional(),
  claude_timeout_ms: wholeNumber(second, daySeconds * second).optional(),
  github_integration: z.boolean({ error: 'true or false' }).default(false),
};

const variableName = text('a list of names of environment variables').regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: 'the name of an environment variable',
});

function list(error: string) {
  return z.array(text(error).trim().min(1, { error }), { error });
}

/** What one scope of the budget may use; a limit that is missing is none. */
function limits(defaults: { readonly usd?: number }) {
  const usd = number(0, 1_000_000);
  return table({
    prompts: wholeNumber(0, 1_000_000).optional(),
    tokens: wholeNumber(0, 1_000_000_000_000).optional(),
    usd: defaults.usd === undefined ? usd.optional() : usd.default(defaults.usd),
  }).prefault({});
}

const usdPerMillion = number(0, 100_000);

/** A price for cached input that is missing is that of other input. */
const price = table({
  input: usdPerMillion,
  output: usdPerMillion,
  cache_write: usdPerMillion.optional(),
  cache_read: usdPerMillion.optional(),
});

/** Where package managers get what they install. */
const packageRegistries = [
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'pypi.org',
  'files.pythonhosted.org',
  'crates.io',
  'index.crates.io',
  'static.crates.io',
  'proxy.golang.org',
  'sum.golang.org',
];

const everybody = ['dev', 'pm', 'qa', 'dm', 'innovator', 'coach'];

/** Whoever gets every message about it. */
function topic(members: string[]) {
  const error = 'a list of agents such as ["dev", "qa"]';
  return list(error)
    .refine((names) => names.length > 0 && names.every((name) => roleNamed(name)), { error })
    .default(members);
}

const anAgent = 'an agent such as "dev"';
const aDiscordAddress = 'an address such as https://discord.com/api, with http: on this machine only';
const aRepository = 'the whole path of a repository';

function discordIds(error: string) {
  return z.array(text(error).trim(), { error });
}

/** Which channel, and which repository is worked on there. */
const discordChannel = table({
  repo: optionalText(aRepository).refine((path) => path === undefined || /^(?:\/|~\/)/.test(path), {
    error: aRepository,
  }),
});

/** A section that is missing has the defaults of its keys. */
const agentSection = table(agent).prefault({});

const shape = {
  system: table({
    max_messages_per_agent: wholeNumber(1, 255).default(3),
    escalation_threshold: wholeNumber(1, 65_535).default(15),
    default_prompt_limit: wholeNumber(1, 1_000_000).default(50),
    feedback_iteration_frequency: wholeNumber(1, 1_000_000).default(5),
    cycle: wholeNumber(60, 366 * daySeconds).default(daySeconds),
    notify: optionalText('a command in quotation marks'),
  }).prefault({}),
  agents: table({
    project_manager: agentSection,
    software_developer: agentSection,
    quality_assurance: agentSection,
    decision_maker: agentSection,
    creative_innovator: agentSection,
    process_coach: agentSection,
  }).prefault({}),
  claude_code: table({
    model: text('the name of a model').trim().min(1, { error: 'the name of a model' }).default('sonnet'),
    timeout: wholeNumber(1, daySeconds).default(600),
    sessions: wholeNumber(1, 64).optional(),
    pass_environment: z.array(variableName, { error: 'a list of names of environment variables' }).default([]),
  }).prefault({}),
  verification: table({
    command: optionalText('a command in quotation marks'),
    junit: optionalText('a path inside the workspace').refine((path) => path === undefined || staysInside(path), {
      error: 'a path inside the workspace',
    }),
    timeout: wholeNumber(1, daySeconds).default(600),
  }).prefault({}),
  budget: table({
    at_limit: z.enum(['ask', 'stop'], { error: '"ask" or "stop"' }).default('ask'),
    task: limits({ usd: 5 }),
    agent: limits({}),
    project: limits({ usd: 20 }),
    night: limits({ usd: 20 }),
    all: limits({ usd: 100 }),
    prices: z.record(z.string(), price, { error: 'a section for each model' }).default({}),
  }).prefault({}),
  projects: table({ attempts: wholeNumber(1, 20).default(3) }).prefault({}),
  tools: table({
    unused_days: wholeNumber(0, 36_500).default(30),
    without_sandbox: z.boolean({ error: 'true or false' }).default(false),
  }).prefault({}),
  llm: table({ model: optionalText('the id of a model') }).prefault({}),
  conversations: table({
    max_tokens: wholeNumber(500, 1_000_000).default(8_000),
    attempts: wholeNumber(1, 100).default(5),
  }).prefault({}),
  topics: z
    .object({
      general: topic(everybody),
      work: topic(['dev', 'qa', 'pm']),
      planning: topic(['pm', 'innovator', 'dm', 'qa']),
      efficiency: topic(['coach']),
    })
    .catchall(topic(everybody))
    .prefault({}),
  sandbox: table({
    mode: z.enum(['auto', 'required', 'off'], { error: '"auto", "required" or "off"' }).default('auto'),
    hosts: list('a list of names of hosts in quotation marks').default(packageRegistries),
    memory_mb: wholeNumber(64, 1_000_000).default(3072),
    processes: wholeNumber(16, 100_000).default(512),
  }).prefault({}),
  repository: table({
    setup: optionalText('a command in quotation marks'),
    setup_timeout: wholeNumber(1, daySeconds).default(600),
    copy: list('a list of paths inside the repository')
      .refine((paths) => paths.every(staysInside), { error: 'a list of paths inside the repository' })
      .default([]),
  }).prefault({}),
  model_api: table({ patience: wholeNumber(1, daySeconds).default(180) }).prefault({}),
  unattended: table({
    deadline: text('a time of day such as "07:00"')
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "07:00"' })
      .default('07:00'),
    at_limit: z.enum(['wait', 'refuse', 'grant'], { error: '"wait", "refuse" or "grant"' }).default('wait'),
    grant_prompts: wholeNumber(1, 1_000_000).default(10),
    grant_tokens: wholeNumber(1, 1_000_000_000).default(1_000_000),
    grant_usd: number(0, 1_000_000).default(2),
    without_sandbox: z.boolean({ error: 'true or false' }).default(false),
  }).prefault({}),
  retention: table({
    days: wholeNumber(1, 36_500).default(30),
    megabytes: wholeNumber(10, 10_000_000).default(4096),
  }).prefault({}),
  database: table({ url: address(postgresAddress) }).prefault({}),
  queue: table({ redis_url: address(redisAddress) }).prefault({}),
  discord: table({
    bot_token: optionalText(),
    whitelist: discordIds('a list of Discord user ids in quotation marks').default([]),
    roles: discordIds('a list of Discord role ids in quotation marks').default([]),
    approvers: discordIds('a list of Discord user ids in quotation marks').optional(),
    notification_channel: optionalText('the name or id of a channel in quotation marks'),
    default_agent: text(anAgent)
      .refine((name) => roleNamed(name), { error: anAgent })
      .default('dev'),
    messages_per_minute: wholeNumber(1, 1_000).default(10),
    remind_after: wholeNumber(0, 31 * daySeconds).default(4 * 3_600),
    api_base: optionalText(aDiscordAddress).refine((value) => value === undefined || isDiscordAddress(value), {
      error: aDiscordAddress,
    }),
    channels: z.record(z.string(), discordChannel, { error: 'a section for each channel' }).default({}),
  }).prefault({}),
  notion: table({ api_key: optionalText(), projects_db: optionalText(), tasks_db: optionalText() }).prefault({}),
};

export const fileSchema = z.strictObject(shape, { error: 'sections such as [system]' });

/** A config.toml with every default filled in. */
export type ConfigFile = z.output<typeof fileSchema>;

/** The keys whose values are never shown. */
export const secretKeys: ReadonlySet<string> = new Set([
  'discord.bot_token',
  'notion.api_key',
  'database.url',
  'queue.redis_url',
]);

/** Every key with its sections, for example `agents.project_manager.prompt_limit`; names that a person gives are no keys. */
export const knownKeys: readonly string[] = keysOf(shape, '').filter(
  (key) => key !== 'budget.prices' && key !== 'discord.channels',
);

function keysOf(keys: Readonly<Record<string, z.ZodType>>, before: string): string[] {
  return Object.entries(keys).flatMap(([key, schema]) => {
    const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
    return inner instanceof z.ZodObject ? keysOf(inner.shape, `${before}${key}.`) : [`${before}${key}`];
  });
}

function address(kind: AddressKind) {
  return optionalText(kind.expected).refine((value) => value === undefined || isAddress(value, kind), {
    error: kind.expected,
  });
}

function table<Shape extends z.ZodRawShape>(keys: Shape) {
  return z.strictObject(keys, { error: 'a section' });
}

function staysInside(path: string): boolean {
  return !path.startsWith('/') && !/^[A-Za-z]:|\\/.test(path) && !path.split('/').includes('..');
}
