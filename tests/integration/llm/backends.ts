import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import { shapeOf } from '../../../src/agents/question.ts';
import { score } from '../../../src/domain/answers/parts.ts';
import { openClaudeCodeEngine } from '../../../src/engine/claude-code/claude-code-engine.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { openAnthropicLlm } from '../../../src/llm/anthropic/open-anthropic-llm.ts';
import { openClaudeCodeLlm } from '../../../src/llm/claude-code/open-claude-code-llm.ts';
import type { Llm, LlmQuestion } from '../../../src/llm/llm.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { processesMentioning } from '../../support/processes.ts';
import { newTaskId } from '../store/examples.ts';

/** One way to ask a model, and what a test has to undo. */
export type OpenBackend = { readonly llm: Llm; leave(): void };

export type Backend = { readonly name: string; open(gateway: Gateway): OpenBackend };

export const direct: Backend = {
  name: 'the Messages API',
  open: (gateway) => ({ llm: openAnthropicLlm({ gateway }), leave: () => undefined }),
};

export const viaClaudeCode: Backend = {
  name: 'Claude Code without tools',
  open(gateway) {
    const { engine, folder, leave } = engineOn({ kind: 'gateway', gateway });
    const questions = join(folder, 'questions');
    return {
      llm: openClaudeCodeLlm({ engine, folder: questions }),
      leave() {
        expect(readdirSync(questions)).toEqual([]);
        leave();
      },
    };
  },
};

type Model = Parameters<typeof openClaudeCodeEngine>[0]['model'];

/** The real Claude Code in a state root of its own, under the weakest containment there is. */
export function engineOn(model: Model) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-llm-')));
  mkdirSync(join(folder, 'home'));
  const runFile = openRunFile(folder);
  const home = join(folder, 'home');
  const engine = openClaudeCodeEngine({
    folder: join(folder, 'claude-code'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: home },
    model,
    confinement: { home, stateRoot: folder, hosts: [], homeOf: () => 'test', writable: [] },
    sandbox: openProcessSandbox('none', runFile),
  });
  return {
    engine,
    folder,
    leave() {
      expect(processesMentioning(folder)).toEqual([]);
      runFile.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const verdictSchema = z.object({
  kind: z.literal('verdict'),
  options: z.array(z.object({ name: z.string(), score })).min(1),
});

export type Verdict = z.infer<typeof verdictSchema>;

export const verdict: Verdict = { kind: 'verdict', options: [{ name: 'PostgreSQL', score: 9 }] };

export type AskedQuestion = LlmQuestion<Verdict> & { readonly notices: string[] };

export function question(changes: Partial<LlmQuestion<Verdict>> = {}): AskedQuestion {
  const notices: string[] = [];
  return {
    taskId: newTaskId(),
    agent: 'decision-maker',
    model: 'sonnet',
    instructions: 'You are the decision maker of a small team.',
    prompt: 'PostgreSQL or MongoDB?',
    shape: shapeOf({ schema: verdictSchema }),
    tell: (notice) => notices.push(notice),
    ...changes,
    notices,
  };
}
