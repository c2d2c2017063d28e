import { afterEach, describe, expect, test } from 'vitest';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import type { Reply } from '../../../src/rehearsal/messages.ts';
import { say } from '../../../src/rehearsal/play.ts';
import type { Script } from '../../../src/rehearsal/server.ts';
import { asJson } from '../../../src/rehearsal/team/cast.ts';
import { gatewayStage, realKey, soon, usage } from '../gateway/stage.ts';
import { direct, type OpenBackend, question, verdict, viaClaudeCode } from './backends.ts';

const stage = gatewayStage();
const never = new AbortController().signal;

const words = (text: string, stopReason?: 'refusal' | 'max_tokens'): Reply => ({
  kind: 'message',
  blocks: [say(text)],
  usage,
  ...(stopReason ? { stopReason } : {}),
});

/** Answers with these, one after the other, and then with the last one for ever. */
function inTurn(...replies: readonly [Reply, ...Reply[]]): Script {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] ?? replies[0];
}

describe.each([direct, viaClaudeCode])('$name', (backend) => {
  let opened: OpenBackend[] = [];

  afterEach(() => {
    for (const one of opened) one.leave();
    opened = [];
  });

  function open(gateway: Gateway) {
    const one = backend.open(gateway);
    opened.push(one);
    return one.llm;
  }

  /** A model, and one question to it. */
  async function asked(script: Script, changes: Parameters<typeof stage.gateway>[1] = {}, usd = 100) {
    const model = await stage.model(script);
    const one = question();
    const ending = await open(stage.gateway(model.baseUrl, changes, usd)).ask(one, never);
    return { ending, one, prompts: model.received.map(({ body }) => JSON.stringify(body.messages)), model };
  }

  test('an answer comes at once, typed, and its cost is booked for its task', async () => {
    const { ending, one, prompts } = await asked(inTurn(asJson(verdict, usage)));
    expect(ending).toMatchObject({ kind: 'answered', answer: verdict, askedAgain: false });
    expect(ending.cost).toMatchObject({ inputTokens: 6_700, outputTokens: 200 });
    expect(prompts.length).toBe(1);
    expect(prompts[0]).toContain(one.prompt);
    expect(prompts[0]).toContain('score');
    expect(await stage.booked(one.taskId)).toMatchObject([
      { model: 'claude-sonnet-5-5', isSettled: true, estimated: false },
    ]);
  });

  test('words around the answer, and a fence, do no harm', async () => {
    const text = `Here is {my} answer:\n\`\`\`json\n${JSON.stringify(verdict, null, 2)}\n\`\`\`\nI hope it helps.`;
    const { ending, prompts } = await asked(inTurn(words(text)));
    expect(ending).toMatchObject({ kind: 'answered', answer: verdict, askedAgain: false });
    expect(prompts.length).toBe(1);
  });

  test('an answer that cannot be used is asked for once more, with what is wrong with it', async () => {
    const tooHigh = { kind: 'verdict', options: [{ name: 'PostgreSQL', score: 11 }] };
    const { ending, prompts } = await asked(inTurn(asJson(tooHigh), asJson(verdict)));
    expect(ending).toMatchObject({ kind: 'answered', answer: verdict, askedAgain: true });
    expect(prompts.length).toBe(2);
    expect(prompts[1]).toContain('options.0.score: ');
    // In the same conversation.
    expect(prompts[1]).toContain('PostgreSQL or MongoDB?');
    expect(prompts[1]).toContain('assistant');
  });

  test('two answers that cannot be used end the question after exactly two requests', async () => {
    const { ending, prompts } = await asked(inTurn(words('I would rather talk about it.')));
    expect(ending).toMatchObject({
      kind: 'unusable',
      problems: ['the answer holds no whole JSON object'],
      text: 'I would rather talk about it.',
    });
    expect(prompts.length).toBe(2);
  });

  test('a key that is refused is tried once', async () => {
    const { ending, prompts } = await asked(inTurn({ kind: 'error', status: 401, type: 'x', message: 'no' }));
    expect(ending).toMatchObject({ kind: 'failed', message: 'the model API refused the key (401)' });
    expect(prompts.length).toBe(1);
  });

  test('a model API that is overloaded for a moment is waited for, and a person reads of it', async () => {
    const overloaded: Reply = { kind: 'error', status: 529, type: 'overloaded_error', message: 'x' };
    const { ending, one } = await asked(inTurn(overloaded, asJson(verdict)));
    expect(ending.kind).toBe('answered');
    expect(one.notices).toEqual([expect.stringContaining('overloaded (529)')]);
  });

  test('an answer that breaks off is asked for again', async () => {
    const { ending, prompts } = await asked(inTurn({ kind: 'cut', blocks: [say('{"kind":')], usage }, asJson(verdict)));
    expect(ending).toMatchObject({ kind: 'answered', askedAgain: false });
    expect(prompts.length).toBe(2);
  });

  test('answers that break off again and again end the question', async () => {
    const { ending, prompts } = await asked(() => ({ kind: 'cut', blocks: [say('{"kind":')], usage }));
    expect(ending).toMatchObject({ kind: 'failed', message: expect.stringMatching(/in a row|broke/) });
    expect(prompts.length).toBeLessThanOrEqual(4);
  });

  test('a question without room in the budget is not asked', async () => {
    const { ending, prompts } = await asked(inTurn(asJson(verdict)), {}, 0.000_001);
    expect(ending).toMatchObject({ kind: 'out-of-budget', shortage: { measure: 'usd' } });
    expect(prompts).toEqual([]);
  });

  test('a usage limit with an end is a pause', async () => {
    const headers = { 'retry-after': '7200' };
    const { ending } = await asked(
      inTurn({ kind: 'error', status: 429, type: 'rate_limit_error', message: 'x', headers }),
    );
    expect(ending).toMatchObject({ kind: 'paused', until: expect.any(Date) });
  });

  test('a model that never answers is left when the question is aborted', async () => {
    const model = await stage.model(() => ({ kind: 'hang' }));
    const gateway = stage.gateway(model.baseUrl, { timing: { firstByteMs: 60_000, wholeAnswerMs: 60_000 } });
    const one = question();
    const stop = new AbortController();
    const asking = open(gateway).ask(one, stop.signal);
    await expect.poll(() => model.received.length, { timeout: 30_000 }).toBe(1);
    const begun = performance.now();
    stop.abort();
    expect((await asking).kind).toBe('aborted');
    // Claude Code is given two seconds to tell what it cost.
    expect(performance.now() - begun).toBeLessThan(backend === direct ? 1_000 : 4_000);
    await expect.poll(() => stage.booked(one.taskId), soon).toMatchObject([{ isSettled: true }]);
  });

  test('a question that was aborted before it was asked reaches nobody', async () => {
    const model = await stage.model(inTurn(asJson(verdict)));
    const ending = await open(stage.gateway(model.baseUrl)).ask(question(), AbortSignal.abort());
    expect(ending.kind).toBe('aborted');
    expect(model.received).toEqual([]);
  });

  test('a model that refuses is told of, and not asked in another way', async () => {
    const { ending } = await asked(inTurn(words('I will not.', 'refusal')));
    expect(ending).toMatchObject({ kind: 'failed', message: expect.any(String) });
  });

  test('a shape that fails by itself ends the question, and nothing is thrown', async () => {
    const model = await stage.model(inTurn(asJson(verdict, usage)));
    const read = () => {
      throw new Error('the shape is broken');
    };
    const one = question({ shape: { ...question().shape, read } });
    expect(await open(stage.gateway(model.baseUrl)).ask(one, never)).toMatchObject({
      kind: 'failed',
      message: 'the shape is broken',
      cost: { outputTokens: 200 },
    });
  });

  test('the key appears nowhere', async () => {
    const leak: Reply = { kind: 'error', status: 404, type: 'not_found_error', message: `no model for ${realKey}` };
    const { ending, one } = await asked(inTurn(leak));
    expect(ending.kind).toBe('failed');
    expect(JSON.stringify([ending, one.notices])).not.toContain(realKey);
    const answered = await asked(inTurn(words(`I was asked with ${realKey}`), asJson(verdict)));
    for (const { headers } of answered.model.received) expect(headers['authorization']).toBeUndefined();
  });
});
