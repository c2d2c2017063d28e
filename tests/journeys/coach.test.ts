import { afterEach, describe, expect } from 'vitest';
import type { AgentRole } from '../../src/domain/agent.ts';
import { outcomeOf } from '../../src/domain/outcome.ts';
import { cast } from '../../src/rehearsal/team/cast.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { leased } from '../integration/store/examples.ts';
import { configured } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { type Person, type Running, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
const running: Running[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map((one) => one.ended()));
  await on?.close();
});

/** Tasks that came to their end, each after one prompt. */
async function worked({ environment }: Person, work: readonly (readonly [AgentRole, boolean])[]): Promise<void> {
  const store = await openPostgresStore({ databaseUrl: environment['DATABASE_URL'] ?? '' });
  for (const [agent, verified] of work) {
    const writer = await leased(store, { agent });
    const { taskId } = writer;
    const status = verified ? 'succeeded' : 'failed';
    const outcome = outcomeOf([], { status, verified }, Date.now());
    await store.tasks.advance(writer, { kind: 'finished', status }, [
      { news: { type: 'prompt.spent', taskId, agent, round: 1, used: 1, limit: 50 } },
      { news: { type: 'task.finished', taskId, outcome } },
    ]);
  }
  await store.close();
}

const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

describe.each(['with Redis', 'on PostgreSQL alone'] as const)('%s', (where) => {
  needs('redis-server')('the coach is told of an inefficient agent once, advises, and a person sees both', async () => {
    on = await configured.stage(cast({ 'process-coach': times(1, { text: 'Let it look at the tests first.' }) }));
    const { REDIS_URL, ...withoutRedis } = on.person.environment;
    const person = { ...on.person, environment: where === 'with Redis' ? on.person.environment : withoutRedis };
    await worked(person, [
      ...times(1, ['developer', true] as const),
      ...times(4, ['developer', false] as const),
      ...times(5, ['quality-assurance', true] as const),
      ...times(5, ['decision-maker', true] as const),
    ]);
    const follower = start(person, ['events', '--follow', '--json']);
    running.push(follower);
    for (let serves = 0; serves < 2; serves += 1) {
      // Two at once, and once more afterwards.
      const serving = [start(person, ['serve']), start(person, ['serve'])];
      running.push(...serving);
      await Promise.all(serving.map((one) => one.told('serves this machine')));
      await follower.event((event) => event.type === 'task.finished' && event.outcome.promptsUsed === 1);
      for (const { child } of serving) child.kill('SIGTERM');
      for (const one of serving) expect((await one.ended()).exitCode).toBe(0);
    }
    const agents = await run(person, ['agents']);
    const [id = ''] =
      /Developer: the Process Coach was told: spiral messages show (\w+)/.exec(agents.stdout)?.slice(1) ?? [];
    const { stdout } = await run(person, ['messages', 'show', id]);
    expect(stdout).toContain('The efficiency of the developer is 0.2, below its threshold of 1');
    expect(stdout).toContain('Let it look at the tests first.');

    follower.child.kill('SIGINT');
    const { events } = await follower.ended();
    expect(events.filter(({ type }) => type === 'agent.inefficient')).toMatchObject([{ agent: 'developer' }]);
    expect(events.filter(({ type }) => type === 'message.sent')).toHaveLength(2);
    const logged = await run(person, ['events']);
    expect(logged.stdout).toContain('Developer: efficiency 0.20, threshold 1, team median 1.00, 5 tasks since');
  });
});
