import type { Query, SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import type { ContainedProcess, Sandbox } from '../../sandbox/sandbox.ts';
import type { Engine, EngineEvent, EngineSession, SessionSetting } from '../engine.ts';
import { failed } from './ending.ts';
import { type SignIn, sessionEnvironment } from './environment.ts';
import { eventsOf } from './events-of.ts';
import { optionsFor } from './options.ts';
import { asSpawned, defined } from './spawned.ts';
import { setTranscriptAside } from './transcript.ts';

export type ClaudeCodeSetting = {
  /** Where Claude Code keeps its state, absolute. */
  readonly folder: string;
  /** The clean environment of children; secrets are added here and nowhere else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signIn: SignIn;
  readonly baseUrl?: string;
  readonly sandbox: Sandbox;
};

type Finished = EngineEvent & { readonly kind: 'finished' };

/** How long an interrupted round is given to tell what it cost. */
const interruptGraceMs = 2000;
const endGraceMs = 1500;
const complaintLimit = 4000;

/** The real Claude Code, through the Agent SDK. */
export function openClaudeCodeEngine(setting: ClaudeCodeSetting): Engine {
  return { prepare: (session) => prepareSession(setting, session) };
}

/** One process of Claude Code that was started and waits for its prompt. */
type Running = {
  readonly query: Query;
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
    },
  };
}

async function launch(setting: ClaudeCodeSetting, session: SessionSetting, prompt: Promise<string>): Promise<Running> {
  const [{ query }, env] = await Promise.all([
    import('@anthropic-ai/claude-agent-sdk'),
    sessionEnvironment(setting.folder, setting.environment, setting.signIn, setting.baseUrl),
  ]);
  const over = held<void>();
  let tree: ContainedProcess | undefined;
  let complaint = '';
  const started = query({
    prompt: onePrompt(prompt, over.value),
    options: {
      ...optionsFor(session),
      env,
      spawnClaudeCodeProcess: ({ command, args, cwd, env: childEnvironment }) => {
        tree = setting.sandbox.start({
          command,
          args,
          cwd: cwd ?? session.workspace,
          env: defined(childEnvironment),
          purpose: session.purpose,
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
    tree: () => tree,
    complaint: () => complaint,
    finish: () => over.give(),
    setTranscriptAside: () => setTranscriptAside(env, session.sessionId),
  };
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
  const { query, tree } = running;
  let stop: (() => void) | undefined;
  let last: Finished | undefined;
  try {
    yield { kind: 'started' };
    // Ended before it was asked: not even the beginning of an answer is paid for.
    if (!signal.aborted) {
      stop = endOnAbort(running, signal);
      ask();
      for await (const event of eventsOf(query, session.workspace)) {
        if (event.kind === 'finished') last = event;
        else yield event;
      }
    }
  } catch (error) {
    last = failed(lastWords(error, running.complaint()));
  } finally {
    stop?.();
    running.finish();
    query.close();
    await tree()?.end(endGraceMs);
  }
  if (last?.ending.kind === 'session-lost') await running.setTranscriptAside();
  const finished = last ?? failed(lastWords(undefined, running.complaint()));
  yield signal.aborted ? { ...finished, ending: { kind: 'aborted' } } : finished;
}

/** On abort: first an interrupt, so that the round tells what it cost; then, whether it did or not, the end of the tree. */
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
