import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { AgentRole } from '../domain/agent.ts';
import type { Measure } from '../domain/budget.ts';
import { addressOf, postgresAddress, redisAddress } from './addresses.ts';
import { type AgentConfig, agentsOf } from './agents.ts';
import { type BudgetConfig, budgetOf } from './budget.ts';
import { childEnvironmentOf } from './child-environment.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import { type ConversationConfig, conversationsOf } from './conversations.ts';
import { type DiscordConfig, discordOf } from './discord.ts';
import { readSettings } from './environment.ts';
import { frozen } from './frozen.ts';
import { type Secret, secretOf } from './secret.ts';
import { baseUrlOf, type SignIn, signInOf } from './sign-in.ts';

/** Everything that can be set, read once at the start. Deeply frozen; secrets in it do not print. */
export type Config = {
  /** `$SPIRAL_HOME`: data, tools, logs. Absolute; may not exist yet. */
  readonly home: string;
  /** The configuration file that was read, absolute; undefined when there is none. */
  readonly file?: string | undefined;
  readonly system: SystemConfig;
  readonly agents: Readonly<Record<AgentRole, AgentConfig>>;
  readonly claudeCode: {
    /** A name or an alias that Claude Code knows. */
    readonly model: string;
    /** How long one round may take. */
    readonly roundTimeoutSeconds: number;
    /** Side by side on this machine; undefined: as many as its memory allows. */
    readonly sessions?: number | undefined;
    /** Where the person's own Claude Code keeps its login, when `$CLAUDE_CONFIG_DIR` names it; for `signIn` 'login'. */
    readonly ownFolder?: string | undefined;
  };
  readonly verification: {
    /** Runs the tests of a workspace in place of what would be found there. */
    readonly command?: string | undefined;
    /** Where `command` writes a JUnit XML report, relative to the workspace. */
    readonly junit?: string | undefined;
    readonly timeoutSeconds: number;
  };
  /** For questions that agents ask the model directly; undefined: the one of Claude Code. */
  readonly llm: { readonly model?: string | undefined };
  readonly conversations: ConversationConfig;
  readonly projects: {
    /** At each phase, before a person is asked. */
    readonly attempts: number;
  };
  readonly tools: {
    /** A person is asked whether a tool that nobody used for so long is still wanted; 0: never. */
    readonly unusedDays: number;
    /** Whether built tools may run where they cannot be isolated wholly. */
    readonly withoutSandbox: boolean;
  };
  readonly budget: BudgetConfig;
  readonly sandbox: SandboxConfig;
  /** How a fresh worktree of a repository is made usable. */
  readonly repository: {
    readonly setup?: string | undefined;
    readonly setupTimeoutSeconds: number;
    /** Files that are not in git and are copied into a worktree, relative to the repository. */
    readonly copy: readonly string[];
  };
  readonly modelApi: {
    /** For how long a request is held while the model API does not answer. */
    readonly patienceSeconds: number;
  };
  readonly unattended: UnattendedConfig;
  readonly retention: { readonly days: number; readonly megabytes: number };
  readonly database: {
    /** A postgresql: URL; undefined: the embedded PostgreSQL. */
    readonly url?: Secret | undefined;
  };
  readonly queue: {
    /** A redis: or rediss: URL; undefined: the queue lies in PostgreSQL. */
    readonly redisUrl?: Secret | undefined;
  };
  readonly discord: DiscordConfig;
  readonly notion: {
    readonly apiKey?: Secret | undefined;
    readonly projectsDatabase?: string | undefined;
    readonly tasksDatabase?: string | undefined;
  };
  readonly signIn: SignIn;
  /** Another server that speaks the Anthropic Messages API; no slash at its end, no credentials in it. */
  readonly baseUrl?: string | undefined;
  /** The whole environment of child processes: allowed names and those of `pass_environment`, never our own secrets. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  /** One line each: what was read but does not count, and what is set up unsafely. */
  readonly notices: readonly string[];
};

export type SandboxConfig = {
  /** `auto`: what works here; `required`: nothing runs without it; `off`: nothing is confined. */
  readonly mode: 'auto' | 'required' | 'off';
  /** What commands of agents may reach over the network. */
  readonly hosts: readonly string[];
  /** For every process of a test run. */
  readonly memoryBytes: number;
  readonly processes: number;
};

/** The answers for work that nobody watches. */
export type UnattendedConfig = {
  /** `HH:MM`, local time: when the night ends. */
  readonly deadline: string;
  readonly atLimit: 'wait' | 'refuse' | 'grant';
  /** What is given each time when `atLimit` is `grant`. */
  readonly grant: Readonly<Record<Measure, number>>;
  /** Whether unattended work may run where commands cannot be confined. */
  readonly withoutSandbox: boolean;
};

type SystemConfig = {
  /** Messages of one agent in one conversation. */
  readonly maxMessagesPerAgent: number;
  /** Messages in one conversation after which it goes to a human. */
  readonly escalationThreshold: number;
  /** Prompts of an agent that has no limit of its own. */
  readonly defaultPromptLimit: number;
  /** The Process Coach looks back after so many finished tasks. */
  readonly feedbackIterationFrequency: number;
  /** Of the time for which agents are given prompts. */
  readonly cycleSeconds: number;
  /** Run by the shell on questions, failures and finishes, with a text on its input. */
  readonly notify?: string | undefined;
};

const megabyte = 1024 * 1024;

export type LoadOptions = {
  /** The file given with `--config`; relative to the current folder. */
  readonly configPath?: string | undefined;
  /** In place of `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
};

/**
 * Reads the configuration: `configPath`, else `$SPIRAL_CONFIG`, else `$SPIRAL_HOME/config.toml` if it is there; the `.env`
 * beside it; and over both the environment. Nothing is read from the current folder unless `configPath` points there, so
 * that a cloned repository cannot redirect keys. Throws `ConfigError`.
 */
export async function loadConfig({ configPath, environment = process.env }: LoadOptions = {}): Promise<Config> {
  const userHome = absolute(environment, 'HOME') ?? homedir();
  const home = absolute(environment, 'SPIRAL_HOME') ?? join(userHome, '.spiral');
  const ownFolder = absolute(environment, 'CLAUDE_CONFIG_DIR');
  const wanted = configPath === undefined ? absolute(environment, 'SPIRAL_CONFIG') : resolve(configPath);
  const path = wanted ?? join(home, 'config.toml');

  const file = await readConfigFile(path, wanted !== undefined);
  const settings = await readSettings(environment, path);
  const { claude_code, verification, notion, database, queue, system } = file.content;
  const { budget, sandbox, repository, model_api, unattended, retention, projects, tools, llm } = file.content;
  const baseUrl = baseUrlOf(settings);
  const discord = discordOf(file.content, settings, userHome);
  const child = childEnvironmentOf(environment, claude_code.pass_environment);

  return frozen({
    home,
    file: file.path,
    system: {
      maxMessagesPerAgent: system.max_messages_per_agent,
      escalationThreshold: system.escalation_threshold,
      defaultPromptLimit: system.default_prompt_limit,
      feedbackIterationFrequency: system.feedback_iteration_frequency,
      cycleSeconds: system.cycle,
      notify: system.notify,
    },
    agents: agentsOf(file.content),
    claudeCode: {
      model: claude_code.model,
      roundTimeoutSeconds: claude_code.timeout,
      sessions: claude_code.sessions,
      ownFolder,
    },
    verification: { command: verification.command, junit: verification.junit, timeoutSeconds: verification.timeout },
    llm: { model: llm.model },
    conversations: conversationsOf(file.content),
    projects: { attempts: projects.attempts },
    tools: { unusedDays: tools.unused_days, withoutSandbox: tools.without_sandbox },
    budget: budgetOf(budget),
    sandbox: {
      mode: sandbox.mode,
      hosts: sandbox.hosts,
      memoryBytes: sandbox.memory_mb * megabyte,
      processes: sandbox.processes,
    },
    repository: { setup: repository.setup, setupTimeoutSeconds: repository.setup_timeout, copy: repository.copy },
    modelApi: { patienceSeconds: model_api.patience },
    unattended: {
      deadline: unattended.deadline,
      atLimit: unattended.at_limit,
      grant: { prompts: unattended.grant_prompts, tokens: unattended.grant_tokens, usd: unattended.grant_usd },
      withoutSandbox: unattended.without_sandbox,
    },
    retention,
    database: { url: addressOf(settings, 'DATABASE_URL', postgresAddress, database.url) },
    queue: { redisUrl: addressOf(settings, 'REDIS_URL', redisAddress, queue.redis_url) },
    discord: discord.config,
    notion: {
      apiKey: secretOf(settings.get('NOTION_API_KEY')?.value ?? notion.api_key),
      projectsDatabase: notion.projects_db,
      tasksDatabase: notion.tasks_db,
    },
    signIn: await signInOf(settings, baseUrl, userHome, ownFolder),
    baseUrl,
    childEnvironment: child.variables,
    notices: [...file.notices, ...settings.notices, ...discord.notices, ...child.notices],
  });
}

/** A folder or file that a variable names; unset when it is empty. A relative one would depend on the current folder. */
function absolute(environment: NodeJS.ProcessEnv, variable: string): string | undefined {
  const path = environment[variable];
  if (path === undefined || path === '') return undefined;
  if (isAbsolute(path)) return resolve(path);
  throw new ConfigError(
    `${variable} must be an absolute path, not "${path}"`,
    `Write the whole path into ${variable}, or unset it.`,
  );
}
