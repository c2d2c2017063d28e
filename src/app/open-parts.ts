import { freemem, homedir } from 'node:os';
import { join } from 'node:path';
import { roster } from '../agents/roster.ts';
import type { Config } from '../config/config.ts';
import { openClaudeCodeEngine } from '../engine/claude-code/claude-code-engine.ts';
import type { SignIn } from '../engine/claude-code/environment.ts';
import type { Queue } from '../queue/queue.ts';
import { detectContainment } from '../sandbox/processes/containment.ts';
import { identityOf, isAlive, processNamespace } from '../sandbox/processes/identity.ts';
import { openProcessSandbox } from '../sandbox/processes/process-sandbox.ts';
import { reapLeftovers } from '../sandbox/processes/reap.ts';
import { openRunFile } from '../sandbox/processes/run-file.ts';
import { type Notice, SpiralError } from '../spiral.ts';
import type { LeaseHolder } from '../store/store.ts';
import { openLocalWorkspaces } from '../workspace/local-workspaces.ts';
import type { VerificationSetting } from '../workspace/workspace.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import type { Parts } from './running-spiral.ts';
import { openStateRoot } from './state-root.ts';

/** One live Claude Code takes 200-310 MB; twice that leaves room for what it runs. */
const sessionBytes = 600 * 1024 * 1024;
const mostSessions = 2;

/** Opens every part of the system from its configuration. Throws `SpiralError`. */
export async function openParts(
  config: Config,
  signIn: SignIn | undefined,
  report: (problem: string) => void,
): Promise<Parts> {
  // Loading the Agent SDK takes a tenth of a second of this thread; it is begun before anything is waited for.
  const sdk = import('@anthropic-ai/claude-agent-sdk');
  sdk.catch(() => undefined); // The engine imports it again and tells.
  const [root, containment] = await Promise.all([
    openStateRoot(config.home),
    detectContainment(config.childEnvironment['PATH']),
  ]);
  const reaped = reapLeftovers(root.path);
  const runFile = openRunFile(root.path);
  const sandbox = openProcessSandbox(containment, runFile);
  const database = lazily(() => openDatabase(config, root.path));
  const queue = lazily(async () => openQueue(config, await database.get(), report));

  return {
    store: async () => (await database.get()).store,
    queue: queue.get,
    engine: engineFor(config, root.path, sandbox, signIn),
    requireSignIn() {
      if (!signIn) throw noSignIn();
    },
    workspaces: openLocalWorkspaces({
      stateRoot: root.path,
      userHome: userHomeOf(config),
      environment: config.childEnvironment,
      sandbox,
    }),
    roster,
    verification: verificationOf(config),
    failuresOf: async (report) => (await import('../workspace/verification/failures.ts')).failuresOf(report),
    self: self(),
    isAlive: (holder) => (holder.namespace === processNamespace() ? isAlive(holder) : undefined),
    reapLeftovers: () => void reapLeftovers(root.path),
    now: Date.now,
    machine: root.machine,
    sessions: Math.max(1, Math.min(mostSessions, Math.floor(freemem() / sessionBytes))),
    defaults: (agent) => ({
      promptLimit: config.agents[agent].promptLimit,
      roundTimeoutSeconds: config.agents[agent].roundTimeoutSeconds,
      model: config.claudeCode.model,
    }),
    notices: [
      ...config.notices.map((text): Notice => ({ about: 'configuration', text })),
      ...(containment === 'bubblewrap' ? [] : [weakContainment]),
      ...reaped.map(
        ({ purpose, processes }): Notice => ({
          about: 'reaped',
          text: `Ended what a killed run had left behind: ${processes} ${processes === 1 ? 'process' : 'processes'} of ${purpose}.`,
        }),
      ),
    ],
    report,
    kill: sandbox.killAll,
    async close() {
      await queue.close((open) => open.close());
      await database.close((opened) => opened.close());
      runFile.close();
    },
  };
}

const weakContainment: Notice = {
  about: 'containment',
  text: 'bubblewrap does not work here: what a killed run leaves behind is ended at the next start, not at once.',
};

function engineFor(
  config: Config,
  stateRoot: string,
  sandbox: ReturnType<typeof openProcessSandbox>,
  signIn: SignIn | undefined,
): Parts['engine'] {
  if (!signIn) {
    return {
      prepare() {
        throw noSignIn();
      },
    };
  }
  return openClaudeCodeEngine({
    folder: join(stateRoot, 'claude-code'),
    environment: config.childEnvironment,
    signIn,
    ...(config.baseUrl === undefined ? {} : { baseUrl: config.baseUrl }),
    sandbox,
  });
}

function noSignIn(): SpiralError {
  return new SpiralError('usage', 'There is no way to sign in to a model.', waysIn);
}

/** What to do without a key and without a login. */
export const waysIn =
  'Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, or CLAUDE_CODE_OAUTH_TOKEN), sign in with `claude`, name a local server with ANTHROPIC_BASE_URL, or watch the demo: spiral demo';

async function openQueue(
  config: Config,
  { databaseUrl }: OpenDatabase,
  report: (problem: string) => void,
): Promise<Queue> {
  const { openBullQueue } = await import('../queue/bullmq/open-bull-queue.ts');
  const { redisUrl } = config.queue;
  return openBullQueue(redisUrl ? { redisUrl: redisUrl.reveal() } : { databaseUrl }, {
    report: (trouble) => report(`The queue: ${trouble instanceof Error ? trouble.message : String(trouble)}`),
  });
}

/** The person's own home folder, which must never become a workspace. */
export function userHomeOf({ childEnvironment }: Pick<Config, 'childEnvironment'>): string {
  return childEnvironment['HOME'] ?? homedir();
}

function verificationOf({ verification }: Config): VerificationSetting {
  const { command, junit, timeoutSeconds } = verification;
  return {
    timeoutMs: timeoutSeconds * 1000,
    ...(command === undefined ? {} : { configured: { command, ...(junit === undefined ? {} : { junit }) } }),
  };
}

function self(): LeaseHolder {
  const identity = identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  return { ...identity, namespace: processNamespace() };
}

/** Opened when it is first asked for, and closed only when it was. */
function lazily<Value>(open: () => Promise<Value>) {
  let opened: Promise<Value> | undefined;
  return {
    get() {
      opened ??= open();
      return opened;
    },
    async close(end: (value: Value) => Promise<void>) {
      const value = await opened?.catch(() => undefined); // Whoever asked for it was told.
      if (value !== undefined) await end(value);
    },
  };
}
