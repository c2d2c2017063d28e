import * as z from 'zod';
import { type AddressKind, isAddress, postgresAddress, redisAddress } from './addresses.ts';

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

/** A section that is missing has the defaults of its keys. */
const agentSection = table(agent).prefault({});

const shape = {
  system: table({
    max_messages_per_agent: wholeNumber(1, 255).default(3),
    escalation_threshold: wholeNumber(1, 65_535).default(15),
    default_prompt_limit: wholeNumber(1, 1_000_000).default(50),
    feedback_iteration_frequency: wholeNumber(1, 1_000_000).default(5),
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
    pass_environment: z.array(variableName, { error: 'a list of names of environment variables' }).default([]),
  }).prefault({}),
  verification: table({
    command: optionalText('a command in quotation marks'),
    junit: optionalText('a path inside the workspace').refine((path) => path === undefined || staysInside(path), {
      error: 'a path inside the workspace',
    }),
    timeout: wholeNumber(1, daySeconds).default(600),
  }).prefault({}),
  database: table({ url: address(postgresAddress) }).prefault({}),
  queue: table({ redis_url: address(redisAddress) }).prefault({}),
  discord: table({
    bot_token: optionalText(),
    whitelist: z
      .array(text('a list of Discord user ids in quotation marks').trim(), {
        error: 'a list of Discord user ids in quotation marks',
      })
      .default([]),
    notification_channel: optionalText('the name or id of a channel in quotation marks'),
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

/** Every key as `section.key`, agents as `agents.role.key`. */
export const knownKeys: readonly string[] = Object.entries(shape).flatMap(([section, schema]) =>
  Object.keys(schema.unwrap().shape).flatMap((key) =>
    section === 'agents' ? Object.keys(agent).map((inner) => `${section}.${key}.${inner}`) : [`${section}.${key}`],
  ),
);

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
