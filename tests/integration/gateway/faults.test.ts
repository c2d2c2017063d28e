import { expect, test } from 'vitest';
import type { Reply } from '../../../src/rehearsal/messages.ts';
import { say } from '../../../src/rehearsal/play.ts';
import type { Script } from '../../../src/rehearsal/server.ts';
import { answering, ask, errorOf, gatewayStage, impatient, soon, usage } from './stage.ts';

const stage = gatewayStage();

const done: Reply = { kind: 'message', blocks: [say('Done.')], usage };

function error(status: number, headers: Record<string, string> = {}): Reply {
  return { kind: 'error', status, type: 'api_error', message: 'scripted', headers };
}

/** Answers with these, one after the other, and then with the last one for ever. */
function inTurn(...replies: readonly Reply[]): Script {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] ?? done;
}

test.each([
  ['overloaded (529)', error(529), 0],
  ['error 500', error(500), 0],
  ['rate limited (429)', error(429, { 'retry-after': '0.05' }), 0],
  ['the connection was cut', { kind: 'drop' }, 1],
  ['no answer in time', { kind: 'hang' }, 1],
  ['overloaded_error', { kind: 'stream-error', type: 'overloaded_error', message: 'x' }, 0],
] as const)(
  'a model API that fails once (%s) is asked again, and a person reads of it in one line',
  async (reason, fault, tokens) => {
    const { run, model } = await stage.run(inTurn(fault, done), fault.kind === 'hang' ? { timing: impatient } : {});
    const answer = await ask(run);
    expect([answer.status, answer.isCut]).toEqual([200, false]);
    expect(model.received.length).toBe(2);
    expect(run.notices).toEqual([
      expect.stringMatching(new RegExp(`^model API: ${reason.replace(/[()]/g, '\\$&')}, next try in .* s, try 2$`)),
    ]);
    await run.close();
    const [failed, answered] = await stage.booked(run.taskId);
    // What was refused costs nothing; what was sent and never answered may have cost its input.
    expect(failed?.used?.input ?? -1).toBeGreaterThanOrEqual(tokens);
    expect([failed?.estimated, (failed?.nanoUsd ?? 0) > 0]).toEqual([tokens > 0, tokens > 0]);
    expect(answered).toMatchObject({ estimated: false, status: 200 });
  },
);

test.each([401, 403])('a key that is refused (%i) is tried once, and the run ends with a 403', async (status) => {
  const { run, model } = await stage.run(() => error(status));
  const answer = await ask(run);
  expect([answer.status, errorOf(answer).type]).toEqual([403, 'permission_error']);
  expect((await ask(run)).status).toBe(403);
  expect(model.received.length).toBe(1);
  expect(run.refusal()).toEqual({ kind: 'refused-key', status });
  await run.close();
  expect(await stage.booked(run.taskId)).toMatchObject([{ nanoUsd: 0, estimated: false, status }]);
});

test.each([400, 404])('an error of the request (%i) is passed on as it is', async (status) => {
  const { run, model } = await stage.run(() => error(status, { 'request-id': 'req_1' }));
  const answer = await ask(run);
  expect([answer.status, errorOf(answer)]).toEqual([status, { type: 'api_error', message: 'scripted' }]);
  expect(model.received.length).toBe(1);
  expect(run.refusal()).toBeUndefined();
  await run.close();
  expect(await stage.booked(run.taskId)).toMatchObject([{ nanoUsd: 0, status }]);
});

test('a usage limit that ends later than we wait ends the run with the time of its end', async () => {
  const reset = Math.floor(Date.now() / 1000) + 3600;
  const limit = { 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-reset': `${reset}` };
  const { run, model } = await stage.run(() => error(429, limit));
  const answer = await ask(run);
  expect(answer.status).toBe(403);
  expect(run.refusal()).toMatchObject({ kind: 'limited', until: new Date(reset * 1000) });
  expect(model.received.length).toBe(1);
});

test('while the model API asks for a pause no other run sends', async () => {
  const model = await stage.model(inTurn(error(429, { 'retry-after': '0.5' }), done));
  const gateway = stage.gateway(model.baseUrl);
  const first = await stage.admitted(gateway);
  const second = await stage.admitted(stage.gateway(model.baseUrl));
  const asking = ask(first);
  await expect.poll(() => first.notices.length, soon).toBe(1);
  const [one, two] = await Promise.all([asking, ask(second)]);
  expect([one.status, two.status]).toEqual([200, 200]);
  const [refused, ...later] = model.received.map(({ at }) => at);
  for (const at of later) expect(at - (refused ?? 0)).toBeGreaterThan(480);
  expect(second.notices).toEqual([expect.stringMatching(/^model API: rate limited \(429\), requests are held for /)]);
});

test('a model API that stays away ends the run in bounded time and requests, and people are told once', async () => {
  const { run, model } = await stage.run(() => error(529), { patienceMs: 2_500 });
  const begun = performance.now();
  expect((await ask(run)).status).toBe(403);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(run.refusal()).toMatchObject({ kind: 'unanswered', message: expect.stringContaining('529') });
  // Three tries, and then one probe every 200 ms.
  expect(model.received.length).toBeGreaterThan(3);
  expect(model.received.length).toBeLessThan(18);
  expect(run.notices).toEqual([
    expect.stringContaining('try 2'),
    expect.stringContaining('try 3'),
    'model API does not answer (overloaded (529), 3 times): requests are held, trying again every 0.2 s',
  ]);
  await ask(run);
  await run.close();
  expect((await stage.booked(run.taskId)).every(({ nanoUsd }) => nanoUsd === 0)).toBe(true);
});

test('of all that are held only one looks at a time, and each person is told when it is back', async () => {
  let isBack = false;
  const model = await stage.model((conversation, request) => (isBack ? answering(conversation, request) : error(500)));
  const gateways = [stage.gateway(model.baseUrl), stage.gateway(model.baseUrl)];
  const runs = await Promise.all([...gateways, ...gateways].map((gateway) => stage.admitted(gateway)));
  const asking = Promise.all(runs.map((run) => ask(run)));
  await expect
    .poll(() => runs.every(({ notices }) => notices.some((one) => one.includes('are held'))), soon)
    .toBe(true);
  const failures = model.received.length;
  const heldAt = performance.now();
  await expect.poll(() => model.received.length, soon).toBeGreaterThan(failures + 1);
  expect(model.received.length - failures).toBeLessThanOrEqual((performance.now() - heldAt) / 200 + 2);
  isBack = true;
  expect((await asking).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const { notices } of runs) {
    expect(notices.filter((one) => one.includes('are held')).length).toBe(1);
    expect(notices.filter((one) => one === 'model API answers again').length).toBe(1);
  }
});

test('nobody listens: nothing is booked, and the run ends', async () => {
  const model = await stage.model(answering);
  await model.close();
  const run = await stage.admitted(stage.gateway(model.baseUrl, { patienceMs: 600 }));
  expect((await ask(run)).status).toBe(403);
  expect(run.notices[0]).toContain('no connection (ECONNREFUSED)');
  await run.close();
  expect((await stage.booked(run.taskId)).every(({ nanoUsd, estimated }) => nanoUsd === 0 && !estimated)).toBe(true);
});

test.each([
  ['cut', { kind: 'cut', blocks: [say('x'.repeat(300))], usage }],
  ['stalled', { kind: 'stall', blocks: [say('x'.repeat(300))], usage }],
] as const)('a stream that is %s breaks for the client too; after four in a row the run ends', async (_, fault) => {
  const { run, model } = await stage.run(() => fault, { timing: impatient });
  for (let broken = 1; broken <= 4; broken += 1) {
    expect(run.refusal()).toBeUndefined();
    expect(await ask(run)).toMatchObject({ status: 200, isCut: true });
  }
  expect((await ask(run)).status).toBe(403);
  expect(run.refusal()).toMatchObject({ kind: 'unanswered' });
  expect(model.received.length).toBe(4);
  await run.close();
  const [booked] = await stage.booked(run.taskId);
  expect(booked).toMatchObject({ estimated: true, used: { input: 1_000, output: 100, cacheRead: 5_000 } });
});

test('a whole answer between broken ones begins the count anew', async () => {
  const cut: Reply = { kind: 'cut', blocks: [say('x')], usage };
  const { run } = await stage.run(inTurn(cut, cut, cut, done, cut, cut, cut, done));
  for (let request = 1; request <= 8; request += 1) await ask(run);
  expect(run.refusal()).toBeUndefined();
});

test('an error within a stream reaches the client, and what was used by then is booked', async () => {
  const { run } = await stage.run(() => ({
    kind: 'stream-error',
    type: 'overloaded_error',
    message: 'x',
    blocks: [say('Half')],
    usage,
  }));
  const answer = await ask(run);
  expect(answer.text).toContain('event: error');
  await run.close();
  expect(await stage.booked(run.taskId)).toMatchObject([{ estimated: true, used: { input: 1_000, output: 2 } }]);
});

test.each(['refusal', 'max_tokens'] as const)('an answer that ends with %s is an answer', async (stopReason) => {
  const { run, model } = await stage.run(() => ({ kind: 'message', blocks: [say('No.')], usage, stopReason }));
  expect((await ask(run)).text).toContain(`"stop_reason":"${stopReason}"`);
  expect(model.received.length).toBe(1);
  await run.close();
  expect(await stage.booked(run.taskId)).toMatchObject([{ estimated: false, used: { output: 200 } }]);
});

test('an answer that comes slowly is not a stalled one', async () => {
  const { run } = await stage.run(() => ({ kind: 'message', blocks: [say('a'), say('b')], usage, dripMs: 400 }), {
    timing: { stallMs: 2_000 },
  });
  expect(await ask(run)).toMatchObject({ status: 200, isCut: false });
});
