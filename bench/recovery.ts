import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { conversationOf } from '../src/rehearsal/messages.ts';
import { say, write } from '../src/rehearsal/play.ts';
import { figuresOf, printTable, ratiosOf, told } from './figures.ts';
import { bareSdk, openStage, program, type Stage, until } from './stage.ts';
import { ended, lineWith, startTask } from './started-task.ts';

const usualPairs = 9;
const warmUps = 1;
/** By then a task has all that one of hours has, a backup job in the queue included. */
const ageMs = 5000;

type Recovered = { readonly milliseconds: number; readonly resumed: boolean };

/**
 * How long a task stands still after a `kill -9` of the `spiral "x"` that drove it: from the kill in the middle of a round
 * to the next model request, with a `spiral serve` that is started at once, and with one that ran already. Beside it a bare
 * Agent SDK script that resumes a session, from its start to its first request.
 */
export async function recovery({ pairs = usualPairs } = {}): Promise<void> {
  let hangs = false;
  const stage = await openStage(({ turn }) => {
    if (!hangs) return { kind: 'message', blocks: [say('Done.')] };
    return turn === 0 ? { kind: 'message', blocks: [write('first.txt', 'one\n')] } : { kind: 'hang' };
  });
  const fresh: Recovered[] = [];
  const running: Recovered[] = [];
  const peer: number[] = [];
  try {
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const recover = (serve: 'fresh' | 'running') =>
        recovered(stage, `${serve}-${pair}`, serve, (does) => {
          hangs = does;
        });
      const first = await recover('fresh');
      const resumption = await resumedBare(stage, `bare-${pair}`);
      const second = await recover('running');
      if (pair < warmUps) continue;
      fresh.push(first);
      peer.push(resumption);
      running.push(second);
    }
    const afterStart = fresh.map(({ milliseconds }) => milliseconds);
    const both = [...fresh, ...running];
    printTable([
      ['kill -9 to the next request, serve started at once', told(figuresOf(afterStart), 'ms')],
      ['bare Agent SDK script, start to the request of a resumed session', told(figuresOf(peer), 'ms')],
      [`ratio, pair by pair (${pairs} pairs)`, told(figuresOf(ratiosOf(afterStart, peer)), '', 2)],
      [
        'kill -9 to the next request, serve ran already',
        told(figuresOf(running.map(({ milliseconds }) => milliseconds)), 'ms'),
      ],
      ['in the session that was interrupted', `${both.filter(({ resumed }) => resumed).length} of ${both.length}`],
    ]);
    console.log('A serve that runs already looks for abandoned tasks every 5 s: half of that is the mean of its wait.');
  } finally {
    await stage.close();
  }
}

async function recovered(
  stage: Stage,
  name: string,
  serve: 'fresh' | 'running',
  setHangs: (does: boolean) => void,
): Promise<Recovered> {
  const { received } = stage.model;
  const before = serve === 'running' ? await serving(stage) : undefined;
  setHangs(true);
  const seen = received.length;
  const task = await startTask(stage, 'Write two files', stage.workspace(name));
  await until('the middle of the round', () => received.length === seen + 2);
  await after(ageMs);
  setHangs(false);
  const killed = performance.now();
  task.child.kill('SIGKILL');
  const server = before ?? startServing(stage);
  await until('the next model request', () => received.length > seen + 2);
  const next = received[seen + 2];
  if (!next) throw new Error('the request that was waited for is not there');
  await finished(stage, task.taskId);
  server.kill('SIGTERM');
  await ended(server);
  return { milliseconds: next.at - killed, resumed: conversationOf(next.body).prompts.length > 1 };
}

function startServing(stage: Stage): ChildProcess {
  return stage.start([program, 'serve'], ['ignore', 'ignore', 'pipe']);
}

/** A `spiral serve` that says that it is ready. */
async function serving(stage: Stage): Promise<ChildProcess> {
  const server = startServing(stage);
  await lineWith('serves this machine', server.stderr);
  return server;
}

/** So that no task of one measurement is left to the next. */
async function finished(stage: Stage, taskId: string): Promise<void> {
  const args = [program, 'events', '--follow', '--task', taskId, '--json'];
  const follower = stage.start(args, ['ignore', 'pipe', 'ignore']);
  await lineWith('"task.finished"', follower.stdout);
  follower.kill('SIGINT');
  await ended(follower);
}

/** The peer in a session of its own, which an earlier run of the same script began. */
async function resumedBare({ start, model, workspace }: Stage, name: string): Promise<number> {
  const place = workspace(name);
  const sessionId = randomUUID();
  const run = async (session: object) => {
    const options = { model: 'sonnet', settingSources: [], permissionMode: 'acceptEdits', ...session };
    const seen = model.received.length;
    const begun = performance.now();
    await once(start([bareSdk, place, JSON.stringify(options)]), 'exit');
    return (model.received[seen]?.at ?? Number.NaN) - begun;
  };
  await run({ sessionId });
  return run({ resume: sessionId });
}
