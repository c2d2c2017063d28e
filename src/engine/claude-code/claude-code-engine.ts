import { join } from 'node:path';
import type { Query, SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Gateway, GatewayAccess } from '../../gateway/gateway.ts';
import type { ContainedProcess, Sandbox } from '../../sandbox/sandbox.ts';
import type { Engine, EngineEvent, EngineSession, SessionSetting } from '../engine.ts';
import { crashed, endingOfRefusal, endingWith, failed } from './ending.ts';
import { type SignIn, sessionEnvironment } from './environment.ts';
import { eventsOf } from './events-of.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { type Notices, openNotices } from './notices.ts';
import { optionsFor, type SessionPlace } from './options.ts';
import { asSpawned, defined } from './spawned.ts';
import { removeStubs } from './stubs.ts';
import { setTranscriptAside } from './transcript.ts';

export type ClaudeCodeSetting = {
  /** Where Claude Code keeps its state, absolute. */
  readonly folder: string;
  /** The clean environment of children; secrets are added here and nowhere else. */
  readonly environment: Readonly<Record<string, string>>;
  /** How it reaches the model: through our gateway, or directly, with a login that only Claude Code itself holds. */
  readonly model:
    | { readonly kind: 'gateway'; readonly gateway: Gateway }
    | { readonly kind: 'direct'; readonly signIn: SignIn; readonly baseUrl?: string };
  readonly sandbox: Sandbox;
  readonly confinement: ConfinementSetting;
};

/** What Claude Code may see and change, where the sandbox can keep that. */
export type ConfinementSetting = {
  /** The person's home folder and the state root, absolute. */
  readonly home: string;
  readonly stateRoot: string;
  /** What commands may reach over the network. */
  readonly hosts: readonly string[];
  /** Names the private home of a workspace. */
  readonly homeOf: (workspace: string) => string;
  /** Folders of the home, absolute, that Claude Code itself needs: where it keeps a login. */
  readonly writable: readonly string[];
};

type Finished = EngineEvent & { readonly kind: 'finished' };

/** How long an interrupted round is given to tell what it cost. */
const interruptGraceMs = 2000;
const endGraceMs = 1500;
const complaintLimit = 4000;
/** The gateway knows better when a request is lost: it holds some for as long as it is patient, and cuts silent ones. */
const gatewayTimeoutMs = 24 * 3600 * 1000;

/** The real Claude Code, through the Agent SDK. */
export function openClaudeCodeEngine(setting: ClaudeCodeSetting): Engine {
  return { isMetered: setting.model.kind === 'gateway', prepare: (session) => prepareSession(setting, session) };
}

/** One process of Claude Code that was started and waits for its prompt. */
type Running = {
  readonly query: Query;
  readonly access: GatewayAccess | undefined;
  readonly notices: Notices;
  readonly exchange: Exchange;
  readonly tree: () => ContainedProcess | undefined;
  /** The last of what it wrote to its error stream. */
  readonly complaint: () => string;
  /** Says that nothing more will be asked. */
  readonly finish: () => void;
  readonly setTranscriptAside: () => Promise<void>;
};

function prepareSession(setting: ClaudeCodeSetting, session: SessionSetting): EngineSession {
  const prompt = held<string>();
  const running = launch(setting, session, prompt.value);
  running.catch(() => undefined); // `run` tells of it; a session that is never run has nobody to tell.
  return {
    run(text, signal) {
      return work(running, session, () => prompt.give(text), signal);
    },
    async discard() {
      const started = await running.catch(() => undefined);
      started?.query.close();
      await started?.tree()?.end(endGraceMs);
      await started?.access?.close();
    },
  };
}

async function launch(setting: ClaudeCodeSetting, session: SessionSetting, prompt: Promise<string>): Promise<Running> {
  const notices = openNotices();
  const exchange = openExchange();
  if (session.tools === 'work') await removeStubs(session.workspace);
  const [{ query }, way] = await Promise.all([
    import('@anthropic-ai/claude-agent-sdk'),
    wayToModel(setting, session, notices),
  ]);
  const { access, env } = way;
  const over = held<void>();
  let tree: ContainedProcess | undefined;
  let complaint = '';
  const started = query({
    prompt: session.answered ? noPrompt(over.value) : onePrompt(prompt, over.value),
    options: {
      ...optionsFor(session, placeOf(setting), exchange),
      env,
      spawnClaudeCodeProcess: ({ command, args, cwd, env: childEnvironment }) => {
        tree = setting.sandbox.start({
          command,
          args,
          cwd: cwd ?? session.workspace,
          env: defined(childEnvironment),
          purpose: `task ${session.taskId}`,
          taskId: session.taskId,
          confinement: {
            ...viewOf(session, [setting.folder, ...setting.confinement.writable]),
            // Its requests leave for the gateway; its commands are confined by its own sandbox.
            network: 'host',
            home: setting.confinement.homeOf(session.workspace),
          },
        });
        tree.child.stderr?.on('data', (chunk: Buffer) => {
          complaint = (complaint + chunk.toString('utf8')).slice(-complaintLimit);
        });
        return asSpawned(tree, endGraceMs);
      },
    },
  });
  return {
    query: started,
    access,
    notices,
    exchange,
    tree: () => tree,
    complaint: () => complaint,
    finish: () => over.give(),
    setTranscriptAside: () => setTranscriptAside(env, session.sessionId),
  };
}

/** Who only reads sees the workspace as it is and cannot change it, whatever a tool does. */
function viewOf({ workspace, tools }: SessionSetting, own: readonly string[]) {
  return tools === 'work' ? { writable: [workspace, ...own] } : { writable: own, readable: [workspace] };
}

/** Where Claude Code keeps its state, and how its commands are confined there. */
function placeOf({ folder: ours, model, sandbox, confinement }: ClaudeCodeSetting): SessionPlace {
  const { hosts, home, stateRoot } = confinement;
  const isLogin = model.kind === 'direct' && model.signIn.kind === 'login';
  const folder = isLogin ? (model.signIn.folder ?? join(home, '.claude')) : ours;
  if (!sandbox.confines || !sandbox.nests) return { folder };
  const login = isLogin ? { engineFolder: ours, hidden: [join(home, '.claude.json')] } : {};
  return { folder, commands: { hosts, home, stateRoot, ...login } };
}

/** The environment in which Claude Code finds its model, and our way to end that. */
async function wayToModel(
  { model, folder, environment }: ClaudeCodeSetting,
  { taskId, agent, night, project }: SessionSetting,
  notices: Notices,
): Promise<{ readonly env: Record<string, string>; readonly access: GatewayAccess | undefined }> {
  if (model.kind === 'direct') {
    return { env: await sessionEnvironment(folder, environment, model.signIn, model.baseUrl), access: undefined };
  }
  const run = {
    ...{ taskId, agent, tell: notices.add },
    ...(night === undefined ? {} : { night }),
    ...(project === undefined ? {} : { project }),
  };
  const access = await model.gateway.admit(run);
  const token = { kind: 'auth-token', value: access.token } as const;
  const env = await sessionEnvironment(folder, environment, token, access.baseUrl);
  return { env: { ...env, API_TIMEOUT_MS: String(gatewayTimeoutMs) }, access };
}

/** The stream of a round. Never rejects, and the process tree is gone before it ends. */
async function* work(
  starting: Promise<Running>,
  session: SessionSetting,
  ask: () => void,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  let running: Running;
  try {
    running = await starting;
  } catch (error) {
    yield failed(`Claude Code could not be started: ${messageOf(error)}`);
    return;
  }
  const { query, tree, access, exchange } = running;
  const isRefused = () => access?.refusal() !== undefined;
  let stop: (() => void) | undefined;
  let last: Finished | undefined;
  try {
    yield { kind: 'started' };
    // Ended before it was asked: not even the beginning of an answer is paid for.
    if (!signal.aborted) {
      stop = endOnAbort(running, AbortSignal.any([signal, exchange.signal]));
      ask();
      for await (const event of eventsOf(query, session.workspace, running.notices, isRefused)) {
        if (event.kind === 'finished') last = event;
        else yield event;
        if (event.kind === 'said' || event.kind === 'step') exchange.goOn();
      }
    }
  } catch (error) {
    last = crashed(lastWords(error, running.complaint()));
  } finally {
    stop?.();
    running.finish();
    query.close();
    await tree()?.end(endGraceMs);
    // After it everything that the round used is booked.
    await access?.close();
    if (session.tools === 'work') await removeStubs(session.workspace);
  }
  if (last?.ending.kind === 'session-lost') await running.setTranscriptAside();
  const finished = last ?? crashed(lastWords(undefined, running.complaint()));
  const refusal = access?.refusal();
  if (signal.aborted) yield { ...finished, ending: { kind: 'aborted' } };
  // A refusal ended it, whatever Claude Code made of that.
  else if (refusal) yield { ...finished, ending: endingOfRefusal(refusal) };
  else yield { ...finished, ending: endingWith(exchange, session.answered !== undefined, finished.ending) };
}

/** On abort, by whoever listens or because a person is to be asked first: first an interrupt, so that the round tells what it cost; then, whether it did or not, the end of the tree. */
function endOnAbort({ query, tree }: Running, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    query.interrupt().catch(() => undefined); // It may be gone already, or hang: the timer ends it in any case.
    timer = setTimeout(() => void tree()?.end(0), interruptGraceMs);
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  };
}

/** The stream stays open until the round is over: once it ended, an interrupt would not reach Claude Code any more. */
async function* onePrompt(prompt: Promise<string>, over: Promise<void>): AsyncGenerator<SDKUserMessage> {
  const content = await prompt;
  yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null };
  await over;
}

/** A session that goes on with an answer goes on by itself. */
// biome-ignore lint/correctness/useYield: there is nothing to say, and the stream has to stay open.
async function* noPrompt(over: Promise<void>): AsyncGenerator<SDKUserMessage> {
  await over;
}

function lastWords(error: unknown, complaint: string): string {
  const said = complaint.trim().split('\n').at(-1)?.trim();
  const why = error === undefined ? 'without a result' : messageOf(error);
  return `Claude Code ended ${error === undefined ? why : `unexpectedly: ${why}`}${said ? ` (${said})` : ''}`;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function held<Value>(): { readonly value: Promise<Value>; give(value: Value): void } {
  let give: (value: Value) => void = () => undefined;
  const value = new Promise<Value>((resolve) => {
    give = resolve;
  });
  return { value, give };
}
