import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Conversation, Reply } from '../src/rehearsal/messages.ts';
import { bash } from '../src/rehearsal/play.ts';
import { figuresOf, printTable, ratiosOf, told } from './figures.ts';
import { commandLineOf, familyOf, groupsOf, isAlive, markersOf, processesCarrying, type Seen } from './processes.ts';
import { openStage, pollMs, program, type Stage, until } from './stage.ts';
import { ended, type StartedTask, startTask } from './started-task.ts';

const usualPairs = 9;
const warmUps = 1;
const promisedMs = 1000;

type Situation = 'command' | 'model';
type Times = { readonly deadMs: number; readonly returnedMs: number; readonly processes: number };

const situations: readonly Situation[] = ['command', 'model'];
const nameOf = {
  command: 'a command runs that ignores SIGTERM and used setsid',
  model: 'the model hangs, and such a command was left behind',
};

const sleep = 'sleep 86399';
const deaf = `trap '' TERM; ${sleep}`;
const daemon = `setsid sh -c "${deaf}" > /dev/null 2>&1 &`;

/**
 * How fast `spiral stop ID` is: from its start to the death of the last process of the task, as /proc shows it, and to its
 * own end; beside a `kill -9` of every process group of the task by hand, which nothing can undercut.
 */
export async function stop({ pairs = usualPairs } = {}): Promise<void> {
  let situation: Situation = 'command';
  const stage = await openStage(({ turn }: Conversation): Reply => {
    if (turn > 0) return { kind: 'hang' };
    const command = situation === 'command' ? `${daemon} ${deaf}` : daemon;
    return { kind: 'message', blocks: [bash(command, 'Does not end')] };
  });
  try {
    for (situation of situations) {
      const ours: Times[] = [];
      const peer: Times[] = [];
      const node: number[] = [];
      for (let pair = 0; pair < warmUps + pairs; pair += 1) {
        const spiral = () => stopped(stage, situation, ({ taskId }) => stage.start([program, 'stop', taskId]));
        const hand = () => stopped(stage, situation, killByHand);
        const mine = pair % 2 === 0 ? await spiral() : undefined;
        const theirs = await hand();
        const timed = mine ?? (await spiral());
        if (pair < warmUps) continue;
        ours.push(timed);
        peer.push(theirs);
        node.push(emptyNode());
      }
      const dead = ours.map(({ deadMs }) => deadMs);
      const byHand = peer.map(({ deadMs }) => deadMs);
      console.log(`${nameOf[situation]} (${pairs} pairs):`);
      printTable([
        ['  spiral stop, start to last death', told(figuresOf(dead), 'ms')],
        ['  spiral stop, start to its return', told(figuresOf(ours.map(({ returnedMs }) => returnedMs)), 'ms')],
        ['  kill -9 by hand, start to last death', told(figuresOf(byHand), 'ms')],
        ['  node -e 0, for comparison', told(figuresOf(node), 'ms')],
        ['  ratio of the deaths, pair by pair', told(figuresOf(ratiosOf(dead, byHand)), '', 1)],
        ['  processes of the task', told(figuresOf(ours.map(({ processes }) => processes)), 'processes')],
        [`  every last death below ${promisedMs} ms`, Math.max(...dead) < promisedMs ? 'kept' : 'NOT KEPT'],
      ]);
    }
    console.log(`Deaths are looked for every ${pollMs} ms.`);
  } finally {
    await stage.close();
  }
}

let runs = 0;

/** Brings a task into its situation, stops it, and waits until nothing of it is left. */
async function stopped(
  stage: Stage,
  situation: Situation,
  stopIt: (task: StartedTask, family: readonly Seen[]) => ChildProcess,
): Promise<Times> {
  const seen = stage.model.received.length;
  runs += 1;
  const task = await startTask(stage, 'Wait', stage.workspace(`${situation}-${runs}`));
  if (situation === 'model') await until('the model to be asked again', () => stage.model.received.length > seen + 1);
  else await until('the command to run', () => familyOf(task.pid).some((one) => commandLineOf(one).startsWith(sleep)));
  const family = familyOf(task.pid);
  const markers = markersOf(family);
  const begun = performance.now();
  const returned = once(stopIt(task, family), 'exit').then(() => performance.now() - begun);
  const deadMs = (await lastDeath(family, markers)) - begun;
  const returnedMs = await returned;
  await ended(task.child);
  return { deadMs, returnedMs, processes: family.length };
}

/** When the last of them was seen dead, and of what they started meanwhile. */
async function lastDeath(family: readonly Seen[], markers: ReadonlySet<string>): Promise<number> {
  let left = family;
  for (;;) {
    await until('the end of every process of the task', () => !left.some(isAlive));
    const at = performance.now();
    left = processesCarrying(markers);
    if (left.length === 0) return at;
  }
}

/** The start and end of a program that does nothing: no command on Node can be faster. */
function emptyNode(): number {
  const begun = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - begun;
}

/** What a person would type who has found them all: our process first, for it would go on with the task. */
function killByHand({ pid }: StartedTask, family: readonly Seen[]): ChildProcess {
  const groups = groupsOf(family).map((group) => `-${group}`);
  return spawn('sh', ['-c', `kill -s KILL -- ${[pid, ...groups].join(' ')}`], { stdio: 'ignore' });
}
