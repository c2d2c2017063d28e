import type { HookInput } from '@anthropic-ai/claude-agent-sdk';
import { expect, test } from 'vitest';
import { decisionOf } from '../../domain/permission.ts';
import { openExchange } from './exchange.ts';
import { guardHook, refusedBySpiral } from './guard.ts';
import { optionsFor } from './options.ts';
import { permissionsOf } from './permissions.ts';
import { networkTool, wantedCall } from './wanted.ts';

const workspace = '/tmp/spiral-no-such-workspace';
const guard = { workspace, readable: [], tools: ['Write', 'Bash', 'AskUserQuestion'] };
const about = { signal: AbortSignal.abort(), toolUseID: 't1', requestId: 'r1' };
const protectedFile = { file_path: `${workspace}/.mcp.json`, content: 'x' };

test('what the guard refuses is refused, whatever a person had said to it', async () => {
  const call = { file_path: `${workspace}/.git/config`, content: 'x' };
  const asked = wantedCall('Write', call, undefined, workspace);
  const decided = asked.kind === 'wanted' ? [decisionOf(asked.wanted.permission, 'allow')] : [];
  expect(decided).toHaveLength(1);
  const exchange = openExchange();
  const { canUseTool } = permissionsOf({ workspace, decided }, guard, exchange);
  expect(await canUseTool('Write', call, about)).toMatchObject({ behavior: 'deny' });
  expect(exchange.wanted()).toBeUndefined();
});

test('what is wanted first ends the round; what comes beside it is left for later', async () => {
  const exchange = openExchange();
  const { canUseTool } = permissionsOf({ workspace }, guard, exchange);
  expect(await canUseTool('Write', protectedFile, about)).toMatchObject({ behavior: 'deny', interrupt: true });
  expect(exchange.signal.aborted).toBe(true);
  await canUseTool(networkTool, { host: 'registry.example' }, about);
  expect(exchange.wanted()?.permission.kind).toBe('call');
});

test('beside a question that waits, or an answer that the session may lose, nothing is wanted', async () => {
  const exchange = openExchange();
  const { canUseTool } = permissionsOf({ workspace }, guard, exchange);
  const denied = { behavior: 'deny', message: expect.stringMatching(new RegExp(`${refusedBySpiral}.*again`)) };
  exchange.handOver();
  expect(await canUseTool('Write', protectedFile, about)).toEqual(denied);
  exchange.goOn();
  exchange.ask();
  expect(await canUseTool('Write', protectedFile, about)).toEqual(denied);
  expect(exchange.wanted()).toBeUndefined();
});

test('beside a permission that is wanted a question is refused until later, and not put off', async () => {
  const exchange = openExchange();
  const { canUseTool } = permissionsOf({ workspace }, guard, exchange);
  await canUseTool('Write', protectedFile, about);
  const event = { hook_event_name: 'PreToolUse', tool_name: 'AskUserQuestion', tool_input: {}, tool_use_id: 't2' };
  const [hook] = guardHook(guard, undefined, exchange).hooks;
  const answer = await hook?.(event as HookInput, 't2', { signal: new AbortController().signal });
  expect(answer).toMatchObject({ hookSpecificOutput: { permissionDecision: 'deny' } });
});

test('where nobody can be asked, a host that is not allowed is refused by the sandbox itself', () => {
  const networkOf = (mayAsk: boolean) => {
    const decided = [decisionOf({ kind: 'host', host: 'registry.example' }, 'allow')];
    const session = { sessionId: 's', begin: 'new', workspace, model: 'm', tools: 'work', mayAsk, decided } as const;
    const setting = { ...session, instructions: '', taskId: 't', agent: 'developer' } as unknown;
    const commands = { hosts: ['allowed.example'], home: '/home/me', stateRoot: '/home/me/.spiral' };
    const options = optionsFor(setting as Parameters<typeof optionsFor>[0], { folder: '/home/me/.spiral/c', commands });
    return options.sandbox?.network;
  };
  expect(networkOf(false)?.strictAllowlist).toBe(true);
  expect(networkOf(true)).toMatchObject({
    strictAllowlist: false,
    allowedDomains: ['allowed.example', 'registry.example'],
  });
});
