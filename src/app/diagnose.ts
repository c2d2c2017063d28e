import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Check } from '../domain/check.ts';
import { QueueError } from '../queue/queue.ts';
import { SpiralError } from '../spiral.ts';
import { openDatabase } from './open-database.ts';
import { waysIn } from './refusals.ts';
import { sandboxCheck } from './sandbox-check.ts';
import { openStateRoot } from './state-root.ts';
import { toolIsolationCheck } from './tool-isolation-check.ts';
import { budgetCheck, retentionCheck } from './upkeep-check.ts';

const run = promisify(execFile);

const oldestNode = [20, 19] as const;
const leastDiskBytes = 500 * 1024 * 1024;

/**
 * Looks at everything that Spiral needs. What the configuration must say is looked at only when it can be read. Never
 * throws for what is wrong: that is what the checks tell.
 */
export async function diagnose(load: () => Promise<Config>): Promise<readonly Check[]> {
  const config = await load().catch((error: unknown) => error);
  if (!isConfig(config)) return [nodeCheck(), configProblem(config)];
  const [claude, git, sandbox, state] = await Promise.all([
    claudeCodeCheck(),
    gitCheck(config),
    sandboxCheck(config),
    stateCheck(config),
  ]);
  // One after the other: the queue may lie in the database that the first of them starts.
  const stores = state.status === 'problem' ? [] : await storeChecks(config);
  const tools = state.status === 'problem' ? [] : [await toolIsolationCheck(config)];
  return [nodeCheck(), claude, signInCheck(config), state, ...stores, sandbox, ...tools, git, ...configChecks(config)];
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const name = 'Node';
  const found = process.versions.node;
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]))
    return { name, status: 'ok', found };
  return { name, status: 'problem', found, cure: `Install Node ${oldestNode.join('.')} or newer.` };
}

function configProblem(error: unknown): Check {
  const name = 'Configuration';
  if (error instanceof ConfigError) return { name, status: 'problem', found: error.message, cure: error.cure };
  const found = error instanceof Error ? error.message : String(error);
  return { name, status: 'problem', found, cure: 'Write a new one with: spiral init' };
}

function configChecks(config: Config): Check[] {
  const name = 'Configuration';
  const found = config.file ?? 'defaults and environment (no config.toml)';
  return [
    { name, status: 'ok', found },
    ...config.notices.map(
      (notice): Check => ({ name, status: 'warning', found: notice, cure: `Change it in ${found}.` }),
    ),
  ];
}

async function claudeCodeCheck(): Promise<Check> {
  const name = 'Claude Code';
  const cure = 'Install it again: npm install --include=optional';
  try {
    const { stdout } = await run(claudeCodeProgram(), ['--version'], { timeout: 20_000 });
    return { name, status: 'ok', found: stdout.trim() };
  } catch (error) {
    return { name, status: 'problem', found: firstLine(error), cure };
  }
}

/** The program that the Agent SDK brings for this platform. */
function claudeCodeProgram(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('@anthropic-ai/claude-agent-sdk'));
  const program = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const platform = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
  for (const name of [`${platform}/${program}`, `${platform}-musl/${program}`]) {
    try {
      return require.resolve(name);
    } catch {
      // Not this one; when none is left, that is told below.
    }
  }
  throw new Error(`there is no Claude Code for ${process.platform}-${process.arch}`);
}

function signInCheck({ signIn, baseUrl }: Config): Check {
  const name = 'Sign-in';
  const server = baseUrl === undefined ? '' : ` at ${baseUrl}`;
  switch (signIn.kind) {
    case 'api-key':
      return { name, status: 'ok', found: `ANTHROPIC_API_KEY${server}` };
    case 'auth-token':
      return { name, status: 'ok', found: `ANTHROPIC_AUTH_TOKEN${server}` };
    case 'local-server':
      return { name, status: 'ok', found: `no key needed${server}` };
    case 'oauth-token':
      return { name, status: 'ok', found: `CLAUDE_CODE_OAUTH_TOKEN${server}` };
    case 'login':
      return { name, status: 'ok', found: `your Claude Code login${server}` };
    case 'none':
      return { name, status: 'problem', found: 'no key, no token, no login', cure: waysIn };
  }
}

async function stateCheck({ home }: Config): Promise<Check> {
  const name = 'State folder';
  try {
    const { path } = await openStateRoot(home);
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    const found = `${path} (${Math.floor(free / 1024 ** 3)} GB free)`;
    if (free >= leastDiskBytes) return { name, status: 'ok', found };
    return { name, status: 'warning', found, cure: 'Make room on its disk; a full one stops the database.' };
  } catch (error) {
    return {
      name,
      status: 'problem',
      found: firstLine(error),
      cure: cureOf(error, 'Set SPIRAL_HOME to another folder.'),
    };
  }
}

async function storeChecks(config: Config): Promise<Check[]> {
  const name = 'Database';
  const kind = config.database.url ? 'DATABASE_URL' : 'embedded PostgreSQL';
  try {
    const root = await openStateRoot(config.home);
    const database = await openDatabase(config, root.path);
    try {
      await database.store.events.last();
      return [
        { name, status: 'ok', found: kind },
        await queueCheck(config, database.databaseUrl),
        await budgetCheck(config, database.store),
        await retentionCheck(config, database.store),
      ];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [
      { name, status: 'problem', found: `${kind}: ${firstLine(error)}`, cure: cureOf(error, 'Set DATABASE_URL.') },
    ];
  }
}

async function queueCheck(config: Config, databaseUrl: string): Promise<Check> {
  const name = 'Queue';
  try {
    const { checkQueue } = await import('../queue/bullmq/check-queue.ts');
    const { backend, version, warnings } = await checkQueue(
      config.queue.redisUrl ? { redisUrl: config.queue.redisUrl.reveal() } : { databaseUrl },
    );
    const found = `${backend === 'redis' ? 'Redis' : 'PostgreSQL'} ${version}`;
    if (warnings.length === 0) return { name, status: 'ok', found };
    return { name, status: 'warning', found, cure: warnings.join(' ') };
  } catch (error) {
    return { name, status: 'problem', found: firstLine(error), cure: cureOf(error, 'Check REDIS_URL.') };
  }
}

async function gitCheck({ childEnvironment }: Config): Promise<Check> {
  const name = 'git';
  try {
    const { stdout } = await run('git', ['--version'], { env: childEnvironment, timeout: 10_000 });
    return { name, status: 'ok', found: stdout.trim().replace('git version ', '') };
  } catch (error) {
    return { name, status: 'problem', found: firstLine(error), cure: 'Install git.' };
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function cureOf(error: unknown, otherwise: string): string {
  return error instanceof SpiralError || error instanceof QueueError ? error.cure : otherwise;
}
