import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { say } from '../../../src/rehearsal/play.ts';
import { isAlive, processNamespace } from '../../../src/sandbox/processes/identity.ts';
import { newTaskId } from '../store/examples.ts';
import { ask, gatewayStage, soon, usage } from './stage.ts';

const stage = gatewayStage();
const script = fileURLToPath(new URL('./gateway-process.ts', import.meta.url));

/** Kills a process of which one request is open, when `isReady` holds. */
async function killed(baseUrl: string, taskId: TaskId, isReady: () => Promise<boolean>): Promise<void> {
  const setting = JSON.stringify({ databaseUrl: stage.databaseUrl, baseUrl, taskId });
  const child = spawn(process.execPath, ['--import', 'tsx', script, setting], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const asking = ask(JSON.parse(first.value ?? ''));
    await expect.poll(isReady, soon).toBe(true);
    child.kill('SIGKILL');
    expect((await asking).isCut).toBe(true);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

test.each([
  ['nothing had come yet', { kind: 'hang' }, { output: 0 }],
  [
    'an answer had begun',
    { kind: 'stall', blocks: [say('x')], usage },
    { input: 1_000, cacheRead: 5_000, cacheWrite: 300, longCacheWrite: 400 },
  ],
] as const)('what a killed process held when %s is booked by the next one', async (_, reply, used) => {
  const taskId = newTaskId();
  const model = await stage.model(() => reply);
  await killed(model.baseUrl, taskId, async () => {
    const { rows } = await stage.store.pool.query('select seen from spiral.requests where task_id = $1', [taskId]);
    return rows[0]?.seen != null && (reply.kind === 'hang' || rows[0].seen.cacheRead > 0);
  });
  expect(await stage.booked(taskId)).toMatchObject([{ isSettled: false }]);
  const looksAt = (holder: Parameters<typeof isAlive>[0] & { readonly namespace: string }) =>
    holder.namespace === processNamespace() ? isAlive(holder) : undefined;
  await stage.admitted(stage.gateway(model.baseUrl, { isAlive: looksAt }));
  await expect.poll(async () => (await stage.booked(taskId))[0]?.isSettled, soon).toBe(true);
  const [booked] = await stage.booked(taskId);
  expect(booked).toMatchObject({ estimated: true, used });
  expect(booked?.nanoUsd).toBeGreaterThan(0);
  expect((await stage.store.budgets.standing(`task:${taskId}`)).reserved).toMatchObject({ usd: 0, tokens: 0 });
});

test('what a living process holds, or one that cannot be looked at, is left alone', async () => {
  const { run, model } = await stage.run(() => ({ kind: 'hang' }), { timing: { firstByteMs: 60_000 } });
  const client = new AbortController();
  const asking = ask(run, { signal: client.signal });
  await expect.poll(() => model.received.length, soon).toBe(1);
  for (const looksAt of [() => true, () => undefined]) {
    const other = stage.gateway(model.baseUrl, { isAlive: looksAt });
    await stage.admitted(other);
    await other.close();
    expect(await stage.booked(run.taskId)).toMatchObject([{ isSettled: false }]);
  }
  client.abort();
  await asking;
});
