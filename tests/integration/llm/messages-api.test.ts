import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Gateway, GatewayAccess, GatewayRun } from '../../../src/gateway/gateway.ts';
import { openAnthropicLlm } from '../../../src/llm/anthropic/open-anthropic-llm.ts';
import { say } from '../../../src/rehearsal/play.ts';
import type { Script } from '../../../src/rehearsal/server.ts';
import { asJson } from '../../../src/rehearsal/team/cast.ts';
import { ask, gatewayStage, soon } from '../gateway/stage.ts';
import { newTaskId } from '../store/examples.ts';
import { question, verdict } from './backends.ts';

const stage = gatewayStage();
const never = new AbortController().signal;
const good: Script = () => asJson(verdict);

let upstream: Server | undefined;
afterEach(() => {
  upstream?.closeAllConnections();
  upstream?.close();
  upstream = undefined;
});

async function asked(script: Script, one = question()) {
  const model = await stage.model(script);
  const ending = await openAnthropicLlm({ gateway: stage.gateway(model.baseUrl) }).ask(one, never);
  return { ending, bodies: model.received.map(({ body }) => body) };
}

test('the model is told the shape of the answer, with bounds in words', async () => {
  const { bodies } = await asked(good);
  expect(bodies[0]).toMatchObject({
    model: 'claude-sonnet-5-5',
    max_tokens: 16_000,
    stream: true,
    system: 'You are the decision maker of a small team.',
    output_config: { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } },
  });
  expect(bodies[0]?.tools).toBeUndefined();
  const told = JSON.stringify(bodies[0]?.output_config);
  expect(told).toContain('maximum: 10');
  expect(told).not.toContain('"maximum"');
});

test.each([
  ['Haiku', 'claude-haiku-5-5'],
  ['opus[1m]', 'claude-opus-5-5'],
  ['claude-haiku-4-5', 'claude-haiku-4-5'],
])('the model API gets the id of the model that is called %s', async (model, id) => {
  const { bodies } = await asked(good, question({ model }));
  expect(bodies[0]?.model).toBe(id);
});

test('a model API that cannot keep to the shape is asked without it', async () => {
  const { ending, bodies } = await asked((conversation, request) =>
    request.output_config
      ? { kind: 'error', status: 400, type: 'invalid_request_error', message: 'output_config: not supported' }
      : good(conversation, request),
  );
  expect(ending).toMatchObject({ kind: 'answered', askedAgain: false });
  expect(bodies.length).toBe(2);
});

test('a request that is wrong in another way is told of with its reason', async () => {
  const { ending, bodies } = await asked(() => ({
    kind: 'error',
    status: 400,
    type: 'invalid_request_error',
    message: 'the prompt is too long',
  }));
  expect(ending).toMatchObject({ kind: 'failed', message: 'the model API answered 400: the prompt is too long' });
  expect(bodies.length).toBe(2);
});

test('a shape that the model API cannot be told of is told in the prompt alone', async () => {
  const shape = { ...question().shape, jsonSchema: { anyOf: [{}, { type: 'object' }] } };
  const { ending, bodies } = await asked(good, question({ shape }));
  expect(ending.kind).toBe('answered');
  expect(bodies[0]?.output_config).toBeUndefined();
});

test('an answer that was cut off is asked for in a shorter form', async () => {
  let requests = 0;
  const { ending, bodies } = await asked(() => {
    requests += 1;
    const cutOff = {
      kind: 'message',
      blocks: [say('{"kind":"verdict","options":[')],
      stopReason: 'max_tokens',
    } as const;
    return requests === 1 ? cutOff : asJson(verdict);
  });
  expect(ending).toMatchObject({ kind: 'answered', askedAgain: true });
  expect(JSON.stringify(bodies[1]?.messages.at(-1))).toContain('the answer was cut off; be shorter');
});

test('an answer without words is asked for once more, and not handed back empty', async () => {
  let requests = 0;
  const { ending, bodies } = await asked(() => {
    requests += 1;
    return requests === 1 ? { kind: 'message', blocks: [] } : asJson(verdict);
  });
  expect(ending).toMatchObject({ kind: 'answered', askedAgain: true });
  for (const { content } of bodies[1]?.messages ?? []) expect(content).toMatch(/\S/);
});

test('the way to the model is closed when the question has ended', async () => {
  const model = await stage.model(good);
  const gateway = stage.gateway(model.baseUrl);
  let access: GatewayAccess | undefined;
  const admit = async (run: GatewayRun) => {
    access = await gateway.admit(run);
    return access;
  };
  await openAnthropicLlm({ gateway: { ...gateway, admit } }).ask(question(), never);
  expect(access && (await ask(access)).status).toBe(403);
});

test('a model without a price is not asked, and the reason says what to do', async () => {
  const { ending, bodies } = await asked(good, question({ model: 'unheard-of' }));
  expect(ending).toMatchObject({ kind: 'failed', message: expect.stringContaining('[budget.prices."unheard-of"]') });
  expect(bodies).toEqual([]);
});

test('a question counts for its task, its agent, its night and its project', async () => {
  const model = await stage.model(good);
  const runs: object[] = [];
  const limitsOf = (run: Pick<GatewayRun, 'taskId' | 'agent' | 'night' | 'project'>) => {
    const { taskId, agent, night, project } = run;
    runs.push({ taskId, agent, night, project });
    return [];
  };
  const whose = { night: '2026-11-22', project: newTaskId() };
  const one = question(whose);
  await openAnthropicLlm({ gateway: stage.gateway(model.baseUrl, { limitsOf }) }).ask(one, never);
  expect(runs).toEqual([{ taskId: one.taskId, agent: 'decision-maker', ...whose }]);
});

test('nothing is thrown when no gateway can be opened', async () => {
  const gateway: Gateway = { admit: () => Promise.reject(new Error('no port is free')), close: async () => undefined };
  expect(await openAnthropicLlm({ gateway }).ask(question(), never)).toMatchObject({
    kind: 'failed',
    message: 'no port is free',
  });
});

test('no connection is open when an aborted question has ended', async () => {
  let open = 0;
  let asked = 0;
  upstream = createServer(() => {
    asked += 1; // Never answers.
  }).on('connection', (socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
  });
  const server = upstream;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const gateway = stage.gateway(`http://127.0.0.1:${port}`, { timing: { firstByteMs: 60_000 } });
  const stop = new AbortController();
  const asking = openAnthropicLlm({ gateway }).ask(question(), stop.signal);
  await expect.poll(() => asked, soon).toBe(1);
  const begun = performance.now();
  stop.abort();
  expect((await asking).kind).toBe('aborted');
  await expect.poll(() => open, { timeout: 1_000, interval: 20 }).toBe(0);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
