import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HookCallback, query, type SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { sessionEnvironment } from '../../../src/engine/claude-code/environment.ts';
import { optionsFor } from '../../../src/engine/claude-code/options.ts';
import { play, say } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, startRehearsal } from '../../../src/rehearsal/server.ts';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import type { OwnTool, ToolServer } from '../../../src/toolbox/toolbox.ts';
import { own } from './sessions.ts';
import { echo } from './tools.ts';

let folder: string;
let model: Rehearsal;
let server: ToolServer;
let told: string[];
let called: (string | undefined)[];

const sessionId = randomUUID() as SessionId;
const noted: OwnTool = {
  ...echo,
  call: async (_, { callId }) => {
    called.push(callId);
    return { text: 'the answer' };
  },
};

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-putting-off-')));
  mkdirSync(join(folder, 'workspace'));
  [told, called] = [[], []];
  server = openToolServer({ onProblem: () => undefined });
});
afterEach(async () => {
  await Promise.all([server.close(), model.close()]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Lets Claude Code work until its result; without a prompt a session goes on with the call that was put off. */
async function result(
  begin: 'new' | 'resume',
  prompt: string | undefined,
  hook: HookCallback,
): Promise<SDKResultMessage> {
  const workspace = join(folder, 'workspace');
  const ownTools = await server.mount([noted]);
  const options = optionsFor({
    ...{ sessionId, begin, workspace, ownTools, tools: 'work', model: 'sonnet', instructions: 'Be brief.' },
    ...{ taskId: 'test' as TaskId, agent: 'developer' },
  });
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // biome-ignore lint/correctness/useYield: there is nothing to say, and the stream has to stay open.
  async function* nothing() {
    await over;
  }
  const base = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const session = query({
    prompt: prompt ?? nothing(),
    options: {
      ...options,
      hooks: { PreToolUse: [{ hooks: [hook] }] },
      env: await sessionEnvironment(
        join(folder, 'claude-code'),
        base,
        { kind: 'auth-token', value: 'x' },
        model.baseUrl,
      ),
    },
  });
  try {
    for await (const message of session) if (message.type === 'result') return message;
    throw new Error('there was no result');
  } finally {
    finish();
    session.close();
    await ownTools.unmount();
  }
}

test('a call of our tool that is put off is made, under the same id, when its session goes on', async () => {
  const script = play([[[own('echo', { text: 'hello' })], [say('Done.')]]]);
  model = await startRehearsal((conversation, request) => {
    told.push(...conversation.results.map(({ text }) => text));
    return script(conversation, request);
  });
  const putOff = await result('new', 'Do it', async () => ({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'defer' },
  }));
  const { deferred_tool_use: call } = putOff as { deferred_tool_use?: { id: string; name: string } };
  expect(call?.name).toBe('mcp__spiral__echo');
  expect(called).toEqual([]);
  await result('resume', undefined, async () => ({}));
  expect(called).toEqual([call?.id]);
  expect(told).toEqual(['the answer']);
});
