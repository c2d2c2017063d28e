import { expect, test } from 'vitest';
import { type BudgetScope, limitsOf } from '../../../src/domain/budget.ts';
import { say } from '../../../src/rehearsal/play.ts';
import type { Script } from '../../../src/rehearsal/server.ts';
import type { BudgetStore } from '../../../src/store/budgets.ts';
import { answering, ask, bodyOf, errorOf, gatewayStage, soon, usage } from './stage.ts';

const stage = gatewayStage();

/** Uses all the output that the request asks for, and some input. */
const greedy: Script = (_, request) => ({
  kind: 'message',
  blocks: [say('Done.')],
  usage: { inputTokens: 60, outputTokens: request.max_tokens ?? 0 },
});

test('the output is lowered to what is affordable, and then nothing is left for the next request', async () => {
  const { run, model } = await stage.run(greedy, {}, 0.05);
  expect((await ask(run)).status).toBe(200);
  const sent = model.received[0]?.body.max_tokens ?? 0;
  // 5 cents buy 5,000 tokens of output, less the room for the input.
  expect(sent).toBeGreaterThan(4_500);
  expect(sent).toBeLessThan(5_000);
  const refused = await ask(run);
  expect([refused.status, errorOf(refused).type]).toEqual([403, 'permission_error']);
  expect(run.refusal()).toMatchObject({ kind: 'short', shortage: { measure: 'usd', limit: 0.05 } });
  expect((await ask(run)).status).toBe(403);
  expect(model.received.length).toBe(1);
});

test('six runs at once never use more than there is', async () => {
  const limit = 0.08;
  const model = await stage.model(greedy);
  const scope: BudgetScope = 'night:2026-11-22';
  const gateways = [1, 2, 3].map(() =>
    stage.gateway(model.baseUrl, {
      limitsOf: (run) =>
        limitsOf({ task: {}, agent: {}, project: {}, night: { usd: limit }, all: {} }, { ...run, night: '2026-11-22' }),
    }),
  );
  const runs = await Promise.all([...gateways, ...gateways].map((gateway) => stage.admitted(gateway)));
  const body = bodyOf({ max_tokens: 1_500 });
  await Promise.all(
    runs.map(async (run) => {
      while ((await ask(run, { body })).status === 200);
      await run.close();
    }),
  );
  const { spent, reserved } = await stage.store.budgets.standing(scope);
  expect(spent.usd).toBeLessThanOrEqual(limit);
  expect(spent.usd).toBeGreaterThan(limit - 0.02);
  expect(reserved.usd).toBe(0);
  for (const run of runs) expect(run.refusal()).toMatchObject({ kind: 'short' });
});

test('a request waits while others hold what it needs', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let requests = 0;
  const script: Script = async (conversation, request) => {
    requests += 1;
    if (requests > 1) return greedy(conversation, request);
    await released;
    return { kind: 'message', blocks: [say('Done.')], usage: { inputTokens: 60, outputTokens: 10 } };
  };
  const reserve: BudgetStore['reserve'] = async (wish) => {
    const reservation = await stage.store.budgets.reserve(wish);
    // The second request was told that there is no room: now the first one may end.
    if (reservation.kind === 'short') release();
    return reservation;
  };
  const changes = {
    store: async () => ({ upstreams: stage.store.upstreams, budgets: { ...stage.store.budgets, reserve } }),
    timing: { budgetWaitMs: 10_000 },
  };
  const { run, model } = await stage.run(script, changes, 0.05);
  const first = ask(run);
  await expect.poll(() => model.received.length, soon).toBe(1);
  const second = ask(run);
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});

test('what others hold for too long is not waited for', async () => {
  const { run } = await stage.run(
    () => ({ kind: 'hang' }),
    { timing: { firstByteMs: 30_000 }, patienceMs: 30_000 },
    0.05,
  );
  const client = new AbortController();
  const first = ask(run, { signal: client.signal });
  await expect.poll(async () => (await stage.booked(run.taskId)).length, soon).toBe(1);
  expect((await ask(run)).status).toBe(403);
  expect(run.refusal()).toMatchObject({ kind: 'short' });
  client.abort();
  await first;
});

test.each([
  ['before anything was answered', { kind: 'hang' }, { output: 0 }],
  [
    'in the middle of an answer',
    { kind: 'stall', blocks: [say('x'.repeat(600))], usage },
    { input: 1_000, output: 200 },
  ],
] as const)('a client that is killed %s has still used something', async (_, reply, used) => {
  const { run, model } = await stage.run(() => reply, { timing: { stallMs: 60_000, firstByteMs: 60_000 } });
  const client = new AbortController();
  const asking = ask(run, { signal: client.signal });
  await expect.poll(() => model.received.length, soon).toBe(1);
  if (reply.kind === 'stall') await expect.poll(() => seenOf(run.taskId), soon).toMatchObject(used);
  client.abort();
  await asking;
  await run.close();
  const [booked] = await stage.booked(run.taskId);
  expect(booked).toMatchObject({ estimated: true, isSettled: true, used });
  expect(booked?.nanoUsd).toBeGreaterThan(0);
});

test('a booking that fails is tried again until the store is back', async () => {
  let isAway = true;
  const problems: string[] = [];
  const settle: BudgetStore['settle'] = (id, settlement) =>
    isAway ? Promise.reject(new Error('the database is away')) : stage.store.budgets.settle(id, settlement);
  const { run } = await stage.run(answering, {
    store: async () => ({ upstreams: stage.store.upstreams, budgets: { ...stage.store.budgets, settle } }),
    onProblem: (problem) => problems.push(problem),
  });
  expect((await ask(run)).status).toBe(200);
  await expect.poll(() => problems.length, soon).toBe(1);
  const closing = run.close();
  isAway = false;
  await closing;
  expect(await stage.booked(run.taskId)).toMatchObject([{ isSettled: true, estimated: false }]);
});

test('a store that stays away ends the run, and nothing leaves', async () => {
  const { run, model } = await stage.run(answering, { store: () => Promise.reject(new Error('the database is away')) });
  expect((await ask(run)).status).toBe(403);
  expect(run.refusal()).toEqual({ kind: 'no-store', message: 'the database is away' });
  expect(run.notices).toEqual(['the database does not answer: requests are held until it does']);
  expect(model.received).toEqual([]);
});

test('what a failing store had reserved all the same is let go', async () => {
  let isAway = true;
  const reserve: BudgetStore['reserve'] = async (wish) => {
    const reservation = await stage.store.budgets.reserve(wish);
    if (isAway) throw new Error('the connection was lost before the answer');
    return reservation;
  };
  const { run } = await stage.run(answering, {
    store: async () => ({ upstreams: stage.store.upstreams, budgets: { ...stage.store.budgets, reserve } }),
  });
  expect((await ask(run)).status).toBe(403);
  isAway = false;
  await expect.poll(() => stage.booked(run.taskId), soon).toMatchObject([{ isSettled: true, nanoUsd: 0 }]);
});

test('a later request of the same conversation reserves by what was counted, not by its bytes', async () => {
  const { run } = await stage.run(() => ({
    kind: 'message',
    blocks: [say('Done.')],
    usage: { inputTokens: 5_000, outputTokens: 10 },
  }));
  const long = { role: 'user', content: 'word '.repeat(20_000) };
  await ask(run, { body: bodyOf({ messages: [long] }) });
  await ask(run, { body: bodyOf({ messages: [long, { role: 'user', content: 'Go on.' }] }) });
  await run.close();
  const { rows } = await stage.store.pool.query(
    'select reserved_input_tokens::int as tokens from spiral.requests where task_id = $1 order by started_at',
    [run.taskId],
  );
  expect(rows[0].tokens).toBeGreaterThan(100_000);
  expect(rows[1].tokens).toBeLessThan(7_000);
});

async function seenOf(taskId: string): Promise<unknown> {
  const { rows } = await stage.store.pool.query('select seen from spiral.requests where task_id = $1', [taskId]);
  return rows[0]?.seen;
}
