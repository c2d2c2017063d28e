import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { say } from '../../../src/rehearsal/play.ts';
import { until } from '../../support/processes.ts';
import { answering, ask, bodyOf, errorOf, gatewayStage, realKey, usage } from './stage.ts';

const stage = gatewayStage();

const counted = { input: 1_000, output: 200, cacheRead: 5_000, cacheWrite: 300, longCacheWrite: 400 };
/** 1,000 x 2 + 200 x 10 + 5,000 x 0.1 + 300 x 2.5 + 400 x 4 USD for a million. */
const nanoUsd = 6_850_000;

test.each([true, false])(
  'an answer passes (stream: %s), and the ledger has what the model API counted',
  async (stream) => {
    const { run, model } = await stage.run(answering);
    const answer = await ask(run, { body: bodyOf({ stream }) });
    expect(answer).toMatchObject({ status: 200, isCut: false });
    expect(answer.text).toContain('Done.');
    expect(model.received[0]?.body).toMatchObject(bodyOf({ stream }));
    await run.close();
    expect(await stage.booked(run.taskId)).toEqual([
      { model: 'claude-sonnet-5-5', used: counted, nanoUsd, estimated: false, status: 200, isSettled: true },
    ]);
    expect(run.refusal()).toBeUndefined();
    expect(run.notices).toEqual([]);
  },
);

test('a large answer arrives whole', async () => {
  const text = randomBytes(4_000_000).toString('base64');
  const { run } = await stage.run(() => ({ kind: 'message', blocks: [say(text)] }));
  const answer = await ask(run);
  expect(answer.isCut).toBe(false);
  expect(answer.text.includes(text)).toBe(true);
});

test('the real key reaches the model API and nobody else', async () => {
  const { run, model } = await stage.run(() => ({
    kind: 'error',
    status: 400,
    type: 'invalid_request_error',
    message: `bad key ${realKey}`,
  }));
  const answer = await ask(run);
  expect(model.received[0]?.headers).toMatchObject({ 'x-api-key': realKey });
  expect(JSON.stringify(model.received[0])).not.toContain(run.token);
  expect(model.received[0]?.headers.authorization).toBeUndefined();
  expect(answer.status).toBe(400);
  expect(JSON.stringify([answer, run.notices, run.refusal(), run])).not.toContain(realKey);
});

test('only who shows the token of an open run is let in', async () => {
  const { run, model } = await stage.run(answering);
  const stranger = await ask({ ...run, token: 'x'.repeat(43) });
  expect([stranger.status, errorOf(stranger).type]).toEqual([403, 'permission_error']);
  expect((await ask(run, { headers: { authorization: '' } })).status).toBe(403);
  expect((await ask(run, { headers: { authorization: '', 'x-api-key': run.token } })).status).toBe(200);
  await run.close();
  expect((await ask(run)).status).toBe(403);
  expect(model.received.length).toBe(1);
});

test.each([
  ['another path', { path: '/v1/files' }, 404],
  ['another query', { path: '/v1/messages?beta=true&x=1' }, 404],
  ['another method', { path: '/v1/messages', method: 'DELETE' }, 404],
  ['a path that cannot be read', { path: '//' }, 400],
  ['a name that leads here', { headers: { host: 'evil.example' } }, 403],
  ['no JSON', { body: '{"model":' }, 400],
  ['a tool that runs at the model API', { body: bodyOf({ tools: [{ type: 'web_search_20250305', name: 'w' }] }) }, 400],
] as const)('%s leads nowhere', async (_, asked, status) => {
  const { run, model } = await stage.run(answering);
  expect((await ask(run, asked)).status).toBe(status);
  expect(model.received).toEqual([]);
  await run.close();
  expect(await stage.booked(run.taskId)).toEqual([]);
});

test('whoever looks whether somebody listens is told so', async () => {
  const { run } = await stage.run(answering);
  expect((await ask(run, { path: '/', method: 'HEAD' })).status).toBe(200);
});

test('tokens are counted for nothing', async () => {
  const { run } = await stage.run(answering);
  const answer = await ask(run, { path: '/v1/messages/count_tokens?beta=true' });
  expect(JSON.parse(answer.text)).toEqual({ input_tokens: expect.any(Number) });
  await run.close();
  expect(await stage.booked(run.taskId)).toEqual([]);
});

test('nothing leaves for a model without a price', async () => {
  const { run, model } = await stage.run(answering);
  expect((await ask(run, { body: bodyOf({ model: 'unheard-of' }) })).status).toBe(403);
  expect(run.refusal()).toEqual({ kind: 'unpriced', model: 'unheard-of' });
  expect((await ask(run)).status).toBe(403);
  expect(model.received).toEqual([]);
});

test('a rehearsed model has a price: nothing', async () => {
  const { run } = await stage.run(answering, { isFree: true });
  expect((await ask(run, { body: bodyOf({ model: 'unheard-of' }) })).status).toBe(200);
  await run.close();
  expect(await stage.booked(run.taskId)).toMatchObject([{ nanoUsd: 0, used: counted }]);
});

test('a run is admitted before the database is open, and its request waits', async () => {
  const opening = new EventEmitter();
  const opened = once(opening, 'open');
  const model = await stage.model(answering);
  const gateway = stage.gateway(model.baseUrl, { store: () => opened.then(() => stage.store) });
  const run = await stage.admitted(gateway);
  const asking = ask(run);
  expect(model.received).toEqual([]);
  opening.emit('open');
  expect((await asking).status).toBe(200);
});

test('cut ends every connection at once, on both sides, and lets nothing more in', async () => {
  const { run, model } = await stage.run(() => ({ kind: 'stall', blocks: [say('Working')], usage }), {
    timing: { stallMs: 60_000 },
  });
  const asking = ask(run);
  await until(
    () => model.received.length,
    (count) => count === 1,
    5_000,
  );
  const begun = performance.now();
  run.cut();
  expect((await asking).isCut).toBe(true);
  await run.close();
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(run.refusal()).toEqual({ kind: 'cut' });
  expect((await stage.booked(run.taskId))[0]).toMatchObject({ estimated: true, isSettled: true });
  expect((await ask(run)).status).toBe(403);
  expect(model.received.length).toBe(1);
});
