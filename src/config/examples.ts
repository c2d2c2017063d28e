import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The six sections of the agents, in the order in which people meet them. */
const agentSections = [
  ['software_developer', 'writes the code'],
  ['project_manager', 'plans and coordinates'],
  ['quality_assurance', 'reviews and tests'],
  ['decision_maker', 'weighs what the others propose'],
  ['creative_innovator', 'looks for other ways'],
  ['process_coach', 'looks back at how the team worked'],
] as const;

/** A commented config.toml with every key; what is commented out shows the default or, where there is none, an example. */
export function exampleConfig(): string {
  return `# The configuration of Spiral. Every key is optional; a commented-out key shows its default or an example.
# Environment variables win over this file, and so does the file .env beside it (see .env.example).
# Keys of the model API (ANTHROPIC_API_KEY …) are read from there only.

[system]
# Messages of one agent in one conversation.
max_messages_per_agent = 3
# Messages in one conversation after which it goes to a human.
escalation_threshold = 15
# Prompts that a task may spend when its agent has no limit of its own.
default_prompt_limit = 50
# The Process Coach looks back after so many finished tasks.
feedback_iteration_frequency = 5
# Seconds for which agents are given prompts (max_claude_requests_per_cycle). Cycles are counted from midnight UTC.
cycle = 86400
# Run when a task asks, fails or finishes; the news is on its standard input. It holds no secret.
# notify = "mail -s Spiral me@example.com"

[claude_code]
# A name or an alias that Claude Code knows.
model = "sonnet"
# Seconds that one round may take.
timeout = 600
# Claude Code processes side by side on this machine. Without it: as many as memory allows when one is wanted.
# sessions = 2
# Environment variables that the agents' commands get besides the usual ones (PATH, HOME, proxies, tool folders).
# Whatever you name here, an agent can read. Spiral's own keys are never handed on.
pass_environment = []

[verification]
# Run this in a workspace in place of the tests that Spiral finds there.
# command = "make test"
# Where that command writes a JUnit XML report, relative to the workspace.
# junit = "reports/junit.xml"
# Seconds that the tests may take.
timeout = 600

[budget]
# What happens at a limit: "ask" waits for you (spiral grant), "stop" ends the task.
at_limit = "ask"
# A model without a known price is refused. Give prices in USD for a million tokens; a free local model has zeros:
# [budget.prices."my-model"]
#   input = 3.0, output = 15.0, cache_write = 3.75, cache_read = 0.3 (each on its own line)

# One task. Prompts of a task are limited by its agent and by -m.
[budget.task]
# prompts = 50
# tokens = 5000000
usd = 5

# Each agent, over all of its tasks.
[budget.agent]
# prompts = 500
# tokens = 50000000
# usd = 50

# One project, with every attempt at its phases.
[budget.project]
# prompts = 200
# tokens = 20000000
usd = 20

# All unattended work of one night.
[budget.night]
# prompts = 200
# tokens = 20000000
usd = 20

# Everything together, until you grant more.
[budget.all]
# prompts = 1000
# tokens = 100000000
usd = 100

[projects]
# Attempts at each phase before you are asked.
attempts = 3

[tools]
# You are asked whether a tool that nobody used for so many days is still wanted. 0: never.
unused_days = 30
# Whether tools that agents built may run where they cannot be kept from your files. The gate and each call say so.
without_sandbox = false

[llm]
# For questions that agents ask the model directly. Without it: the model of Claude Code.
# model = "claude-sonnet-5-5"

[conversations]
# What an agent is told of a conversation, in tokens; older messages are summed up.
max_tokens = 8000
# How often a message is tried before it lies aside for you (spiral messages).
attempts = 5

# Who gets the messages on a topic. Name topics of your own if you like.
[topics]
general = ["dev", "pm", "qa", "dm", "innovator", "coach"]
work = ["dev", "qa", "pm"]
planning = ["pm", "innovator", "dm", "qa"]
# Who reads, with the coach, of agents below their efficiency_threshold.
efficiency = ["coach"]

[sandbox]
# "auto" confines commands where bubblewrap works and says so where it does not; "required" refuses to work without; "off".
mode = "auto"
# What commands may reach over the network. The default is package registries.
# hosts = ["registry.npmjs.org", "pypi.org"]
# What each process of a test run may take.
memory_mb = 3072
processes = 512

[repository]
# Makes a fresh worktree (--repo) usable, for example by installing dependencies.
# setup = "npm ci"
setup_timeout = 600
# Files that are not in git and that a worktree gets a copy of. Agents can read them.
copy = []

[model_api]
# Seconds for which a request is held while the model API does not answer.
patience = 180

[unattended]
# When a night ends, local time.
deadline = "07:00"
# The answer when a limit is reached: "wait" for you, "refuse", or "grant" so much more each time (within the night's budget).
at_limit = "wait"
grant_prompts = 10
grant_tokens = 1000000
grant_usd = 2
# Whether unattended work may run where commands cannot be confined.
without_sandbox = false

[retention]
# What finished longer ago, or takes more room, is deleted. Nothing that waits or is not merged.
days = 30
megabytes = 4096

[database]
# Without it Spiral starts a PostgreSQL of its own. Better in .env: DATABASE_URL.
# url = "postgresql://user:password@127.0.0.1:5432/spiral"

[queue]
# Without it the queue lies in PostgreSQL. Better in .env: REDIS_URL.
# redis_url = "redis://127.0.0.1:6379"

[discord]
# Better in .env: DISCORD_BOT_TOKEN.
# bot_token = "the token of your bot"
# Ids of the users that may talk to the bot; nobody else is answered.
whitelist = []
# Where news is told that belongs to no conversation.
# notification_channel = "agent-system"
# Roles of a server whose members may talk to the bot as well, and the users that may decide, grant and merge (all of them).
# roles = ["234567890123456789"]
# approvers = ["123456789012345678"]
# Who gets a message that names nobody: dev, pm, qa, dm, innovator or coach.
default_agent = "dev"
# Of one user.
messages_per_minute = 10
# Seconds after which a question that nobody answered is told of again; 0: never.
remind_after = 14400
# In place of Discord, for example a proxy: https, or http on this machine.
# api_base = "https://discord.com/api"
# To be heard in these channels only, and to work there on a repository:
# [discord.channels."todo-app"]
#   repo = "~/projects/todo-app"

[notion]
# Better in .env: NOTION_API_KEY.
# api_key = "the secret of your integration"
# projects_db = "the id of the database of projects"
# tasks_db = "the id of the database of tasks"

# The agents. What one does not set, it takes from [system] and [claude_code].
${agentSections.map(([name, duty]) => agentSection(name, duty)).join('\n')}`;
}

function agentSection(name: string, duty: string): string {
  return `
[agents.${name}]
# The agent that ${duty}.
# prompt_limit = 50
# Below this efficiency the Process Coach is told of the agent, once in a cycle. 0: never.
# efficiency_threshold = 1.0
# Who answers first when several could: 1 to 10, 10 first.
# response_priority = 5
# The part of its prompts, 0 to 1, that it may spend on building tools.
# tool_building_allocation = 0.5
# No limit beside prompt_limit, unless it is set.
# max_claude_requests_per_cycle = 20
# max_messages_per_conversation = 3
# Milliseconds that one round may take.
# claude_timeout_ms = 600000
# github_integration = false
`;
}

/** A commented `.env` in which nothing is set. */
export function exampleEnvironment(): string {
  return `# Copy this file to .env beside config.toml and fill in what you have. Empty means unset; real environment variables win.
# Nothing but these names is read from .env.

# How the model API is reached: the first that is set is used. Without any, the login of Claude Code is.
ANTHROPIC_API_KEY=
ANTHROPIC_AUTH_TOKEN=
CLAUDE_CODE_OAUTH_TOKEN=
# Another server that speaks the Anthropic Messages API. One on this machine, such as http://127.0.0.1:11434, needs no key.
ANTHROPIC_BASE_URL=

# PostgreSQL; without it Spiral starts its own: postgresql://user:password@127.0.0.1:5432/spiral
DATABASE_URL=
# Redis or Valkey for the queue; without it the queue lies in PostgreSQL: redis://127.0.0.1:6379
REDIS_URL=

DISCORD_BOT_TOKEN=
NOTION_API_KEY=
`;
}

/**
 * Writes `config.toml` and `.env.example` into a folder, which is made when it is missing, readable by their owner alone. A
 * file that is there already is kept as it is. Gives back the paths. Throws what the file system says.
 */
export async function writeExamples(
  folder: string,
): Promise<{ readonly written: readonly string[]; readonly kept: readonly string[] }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of [
    ['config.toml', exampleConfig()],
    ['.env.example', exampleEnvironment()],
  ] as const) {
    const path = join(folder, name);
    ((await writeNew(path, text)) ? written : kept).push(path);
  }
  return { written, kept };
}

/** False when something is there already, even a link that leads nowhere. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
