import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query, type SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bash, play, say } from '../../../src/rehearsal/play.ts';
import { gatewayStage, type Run } from './stage.ts';

const stage = gatewayStage();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-gateway-'));
  mkdirSync(join(folder, 'workspace'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** One round of the real Claude Code through the gateway. */
async function round({ baseUrl, token }: Run): Promise<SDKResultMessage> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CLAUDE_CONFIG_DIR: join(folder, 'claude'),
    ANTHROPIC_AUTH_TOKEN: token,
    ANTHROPIC_BASE_URL: baseUrl,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '1',
  };
  const cwd = join(folder, 'workspace');
  let result: SDKResultMessage | undefined;
  try {
    const options = { cwd, model: 'sonnet', settingSources: [], tools: ['Bash'], allowedTools: ['Bash'], env };
    for await (const message of query({ prompt: 'Write a note', options })) {
      if (message.type === 'result') result = message;
    }
  } catch (error) {
    if (!result) throw error; // Behind an error result the SDK throws it once more.
  }
  if (!result) throw new Error('Claude Code ended without a result');
  return result;
}

test('Claude Code works through the gateway, and each of its requests is booked', async () => {
  const { run, model } = await stage.run(play([[[bash('echo hello', 'Greet')], [say('Done.')]]]));
  expect(await round(run)).toMatchObject({ subtype: 'success', is_error: false, result: 'Done.' });
  await run.close();
  expect(model.received.length).toBe(2);
  expect(await stage.booked(run.taskId)).toMatchObject([
    { isSettled: true, estimated: false },
    { isSettled: true, estimated: false },
  ]);
});

test('Claude Code stops at once when the budget has no room, and says why', async () => {
  const { run, model } = await stage.run(play([[[say('Done.')]]]), {}, 0.01);
  expect(await round(run)).toMatchObject({ is_error: true, result: expect.stringContaining('The budget has no room') });
  expect(model.received).toEqual([]);
  expect(run.refusal()).toMatchObject({ kind: 'short' });
});

test('streams that are cut again and again end Claude Code after a bounded number of requests', async () => {
  const { run, model } = await stage.run(() => ({ kind: 'cut', blocks: [say('Half')] }));
  expect(await round(run)).toMatchObject({ is_error: true });
  expect(model.received.length).toBeLessThanOrEqual(4);
});
