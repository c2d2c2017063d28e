import { mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineEvent } from '../../../src/engine/engine.ts';
import { openClaudeCodeLlm } from '../../../src/llm/claude-code/open-claude-code-llm.ts';
import { openReader } from '../../../src/llm/claude-code/open-reader.ts';
import type { Block, Reply } from '../../../src/rehearsal/messages.ts';
import { say } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, type Script, startRehearsal } from '../../../src/rehearsal/server.ts';
import { asJson } from '../../../src/rehearsal/team/cast.ts';
import { engineOn, question, verdict } from './backends.ts';

const never = new AbortController().signal;
const paid = { inputTokens: 1_000, outputTokens: 100 };

let model: Rehearsal;
let on: ReturnType<typeof engineOn>;
let workspace: string;

/** As with a login: nothing of ours stands between Claude Code and its model. */
async function open(script: Script): Promise<void> {
  model = await startRehearsal(script);
  const signIn = { kind: 'auth-token', value: 'rehearsal' } as const;
  on = engineOn({ kind: 'direct', signIn, baseUrl: model.baseUrl });
  mkdirSync(join(on.folder, 'workspace', 'src'), { recursive: true });
  workspace = realpathSync(join(on.folder, 'workspace'));
  writeFileSync(join(workspace, 'src', 'login.ts'), 'export const login = 1;\n');
}

beforeEach(() => {
  workspace = '';
});
afterEach(async () => {
  await model.close();
  on.leave();
});

const look: Block = { type: 'tool', name: 'Read', input: { file_path: 'src/login.ts' } };
const saying = (...blocks: readonly Block[]): Reply => ({ kind: 'message', blocks, usage: paid });

test('a reader looks at the workspace before it answers, and each look is heard', async () => {
  let seen = '';
  await open(({ turn, results }) => {
    seen += results.map(({ text }) => text).join('');
    return turn === 0 ? saying(look) : asJson(verdict);
  });
  const heard: EngineEvent[] = [];
  const asked = { ...question(), workspace };
  const ending = await openReader(on.engine).read(asked, never, (event) => heard.push(event));
  expect(ending).toMatchObject({ kind: 'answered', answer: verdict, askedAgain: false });
  expect(seen).toContain('export const login');
  expect(heard.flatMap((event) => (event.kind === 'step' ? [event.line] : []))).toEqual(['Reading src/login.ts']);
  expect(readdirSync(workspace)).toEqual(['src']);
});

test('the second try of a reader goes on in its session, and is paid for with it', async () => {
  await open(({ prompts, turn }) => {
    if (prompts.length > 1) return asJson(verdict, paid);
    return turn === 0 ? saying(look) : saying(say('It looks good to me.'));
  });
  const ending = await openReader(on.engine).read({ ...question(), workspace }, never);
  expect(ending).toMatchObject({ kind: 'answered', askedAgain: true });
  expect(ending.cost).toMatchObject({ outputTokens: 300 });
  expect(ending.cost.usd).toBeGreaterThan(0);
  expect(JSON.stringify(model.received.at(-1)?.body.messages)).toContain('export const login');
});

test('a reader whose listener fails ends with that, and leaves no process', async () => {
  await open(({ turn }) => (turn === 0 ? saying(look) : asJson(verdict)));
  const fail = () => {
    throw new Error('nobody listens');
  };
  const ending = await openReader(on.engine).read({ ...question(), workspace }, never, fail);
  expect(ending).toMatchObject({ kind: 'failed', message: 'nobody listens' });
});

test('a reader of a folder that is not there fails with a message', async () => {
  await open(() => asJson(verdict));
  const ending = await openReader(on.engine).read({ ...question(), workspace: join(workspace, 'gone') }, never);
  expect(ending).toMatchObject({ kind: 'failed', message: expect.stringMatching(/./) });
});

test('with a login a question is answered by one small request, and what it cost is told', async () => {
  await open(() => asJson(verdict, paid));
  const llm = openClaudeCodeLlm({ engine: on.engine, folder: join(on.folder, 'questions') });
  expect(llm.isMetered).toBe(false);
  const ending = await llm.ask(question(), never);
  expect(ending).toMatchObject({ kind: 'answered', cost: { inputTokens: 1_000, outputTokens: 100 } });
  expect(ending.cost.usd).toBeGreaterThan(0);
  expect(model.received.length).toBe(1);
  expect(JSON.stringify(model.received[0]?.body).length).toBeLessThan(5_000);
});
