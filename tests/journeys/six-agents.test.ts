import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { alternatives, analysis, decision, review } from '../../src/cli/__fixtures__/answers.ts';
import type { SpiralEvent } from '../../src/domain/event.ts';
import type { TaskId } from '../../src/domain/identifiers.ts';
import { play, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { gate } from '../integration/queue/gate.ts';
import { type Family, familyOf } from '../support/family.ts';
import { embedded } from '../support/installations.ts';
import { type Person, type Running, start } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

/** For live Claude Codes. */
const places = 2;
/** What `spiral serve` drives side by side: those of them that need a place and have none wait. */
const driven = 6;
const developments = 8;
/** docs/budgets.md: one live Claude Code. */
const claudeCodeMegabytes = 310;
const servingMegabytes = 150;
const lookEveryMs = 50;

let on: Stage;
const running: Running[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map((one) => one.ended()));
  await on?.close();
});

const coach: Script = ({ prompts }) =>
  asJson({
    kind: 'coaching',
    proposals: [
      {
        figure: prompts.length === 1 ? 'usd-per-verified-task' : 'tasks',
        observation: 'it is so',
        proposal: 'do otherwise',
        expected: 'better',
      },
    ],
  });

/** Lets those who have a place go on only when all places are taken and `open` was called. */
function openPlaces() {
  const full = gate();
  const goOn = gate();
  let inside = 0;
  return {
    full: full.opened,
    open: goOn.open,
    /** What an agent says in a session of Claude Code. */
    script: (script: Script): Script => {
      return async (conversation, request) => {
        inside += 1;
        if (inside === places) full.open();
        await goOn.opened;
        return script(conversation, request);
      };
    },
  };
}

test('six agents with work each share two places for Claude Code: all finish, nobody is passed over, memory is bounded', async () => {
  const sessions = openPlaces();
  on = await embedded.stage(
    cast({
      developer: sessions.script(play([[[write('note.txt', 'A note.\n')], [say('Done.')]]])),
      'quality-assurance': sessions.script(play([[[say(JSON.stringify(review))]]])),
      'project-manager': [analysis],
      'decision-maker': [decision],
      'creative-innovator': [alternatives],
      'process-coach': coach,
    }),
  );
  configure(on.person, `[claude_code]\nsessions = ${places}\n`);
  const serving = start(on.person, ['serve']);
  const follower = start(on.person, ['events', '--follow', '--json']);
  running.push(serving, follower);
  const seen: Family[] = [];
  const looking = setInterval(() => seen.push(familyOf(serving.child.pid ?? 0)), lookEveryMs);
  const tasks = await submitted(on.person, [
    ...Array.from({ length: developments }, (_, index) => workOf('developer', `Write note ${index}`)),
    workOf('quality-assurance', 'Review it'),
    workOf('project-manager', 'Analyze building a monolith for an e-commerce platform'),
    workOf('decision-maker', 'PostgreSQL or MongoDB for user analytics?'),
    workOf('creative-innovator', 'Our reports are slow'),
    workOf('process-coach', 'How are we doing?'),
  ]);
  // Two have places, so many of the others wait for one, and the rest is not taken up yet.
  const early = new Set<TaskId>();
  await follower.event((event) => isWaiting(event) && early.add(event.taskId).size === driven - places);
  await sessions.full;
  sessions.open();
  await Promise.all(tasks.map((id) => follower.event(({ type, taskId }) => type === 'task.finished' && taskId === id)));
  clearInterval(looking);
  follower.child.kill('SIGINT');
  serving.child.kill('SIGTERM');
  const { events } = await follower.ended();
  expect((await serving.ended()).exitCode).toBe(0);

  const ended = events.flatMap((event) => (event.type === 'task.finished' ? [event.outcome.status] : []));
  expect(ended).toEqual(tasks.map(() => 'succeeded'));
  expect(Math.max(...seen.map(({ claudeCodes }) => claudeCodes))).toBe(places);
  const bound = places * claudeCodeMegabytes + servingMegabytes;
  expect(Math.max(...seen.map(({ megabytes }) => megabytes))).toBeLessThan(bound);
  // In the order in which they got their places.
  const begun = events.flatMap(({ type, taskId }) =>
    type === 'engine.started' || (type === 'agent.asked' && taskId === tasks[developments]) ? [taskId] : [],
  );
  expect(begun).toHaveLength(developments + 1);
  for (const late of begun.slice(places).filter((id) => !early.has(id))) {
    // Two that get places at the same moment may tell of it in either order.
    const passedOver = begun.slice(begun.indexOf(late)).filter((id) => early.has(id));
    expect(passedOver.length).toBeLessThan(places);
  }
});

function isWaiting(event: SpiralEvent): event is SpiralEvent & { readonly type: 'progress' } {
  return event.type === 'progress' && event.text.startsWith('Waiting: as many Claude Codes');
}

function workOf(agent: string, text: string) {
  return { agent, text, workspace: join(on.person.folder, text.replaceAll(/\W+/g, '-')) };
}

/** Queues tasks for whoever serves; their ids. */
async function submitted({ environment, folder }: Person, requests: readonly object[]): Promise<TaskId[]> {
  const program = resolve(import.meta.dirname, '../support/submitting-process.mjs');
  const child = spawn(process.execPath, [program, JSON.stringify(requests)], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [ids, problem] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'close')]);
  expect({ exitCode: child.exitCode, problem }).toEqual({ exitCode: 0, problem: '' });
  return ids.trim().split('\n') as TaskId[]; // The program prints nothing else.
}
