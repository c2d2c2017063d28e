import type { CanUseTool, HookCallbackMatcher, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import { answersOf } from '../../domain/asked-person.ts';
import { decisionOn } from '../../domain/permission.ts';
import type { SessionSetting } from '../engine.ts';
import type { Exchange } from './exchange.ts';
import { askingTool, type GuardSetting, isRequestThatWaits, judge, laterOn, refusedBySpiral } from './guard.ts';
import { networkTool, wantedCall, wantedHost } from './wanted.ts';

/**
 * Decides what Claude Code asks permission for: as a person did before, or not at all, and then the round ends with what is
 * wanted. What the guard refuses is never asked.
 */
export function permissionsOf(
  { workspace, answered, decided = [] }: Pick<SessionSetting, 'workspace' | 'answered' | 'decided'>,
  guard: GuardSetting,
  exchange: Exchange,
): { readonly canUseTool: CanUseTool; readonly hearCommands: HookCallbackMatcher } {
  let command: string | undefined;
  const canUseTool: CanUseTool = async (tool, input, { toolUseID, decisionReason, signal }) => {
    // A session that goes on with an answer may make its call before it knows of our hook.
    if (tool === askingTool) {
      if (answered?.id !== toolUseID) return denial('nobody can be asked now');
      exchange.handOver();
      return { behavior: 'allow', updatedInput: { ...input, answers: answersOf(answered) } };
    }
    if (isRequestThatWaits(tool, input, guard)) {
      if (answered?.id !== toolUseID) return denial(laterOn);
      exchange.handOver();
      return { behavior: 'allow', updatedInput: input };
    }
    if (tool !== networkTool) {
      const judgement = judge(tool, input, workspace, guard);
      if (judgement.kind === 'refused') return denial(judgement.reason);
    }
    const asked =
      tool === networkTool ? wantedHost(input, command) : wantedCall(tool, input, decisionReason, workspace);
    if (asked.kind === 'refused') return denial(asked.reason);
    const decision = decisionOn(asked.wanted.permission, decided);
    if (decision?.isAllowed) return { behavior: 'allow', updatedInput: input };
    if (decision) {
      const words = decision.words === undefined ? '' : `, with the words: ${decision.words}`;
      return denial(`a person refused exactly this before${words}. Do not try it again`);
    }
    if (!exchange.want(asked.wanted)) return denial(laterOn);
    await aborted(signal);
    return { ...denial('a person is asked first'), interrupt: true };
  };
  const hearCommands: HookCallbackMatcher = {
    matcher: 'Bash',
    hooks: [
      async (event) => {
        if (event.hook_event_name === 'PreToolUse') command = commandOf(event.tool_input) ?? command;
        return {};
      },
    ],
  };
  return { canUseTool, hearCommands };
}

function denial(reason: string): PermissionResult & { readonly behavior: 'deny' } {
  return { behavior: 'deny', message: `${refusedBySpiral}${reason}.` };
}

function commandOf(input: unknown): string | undefined {
  const command: unknown = Object(input)['command'];
  return typeof command === 'string' ? command : undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
