import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import { type OwnTool, type ToolAccess, ToolNotServable, type ToolServer } from '../../../src/toolbox/toolbox.ts';
import { echo, held, toolNamed } from './tools.ts';

let server: ToolServer;
let problems: string[];
let clients: Client[];
/** What the server answered, as it was sent. */
let wire: Promise<string>[];

beforeEach(() => {
  problems = [];
  clients = [];
  wire = [];
  server = openToolServer({ onProblem: (problem) => problems.push(problem) });
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

async function connect({ url, token }: Pick<ToolAccess, 'url' | 'token'>): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const headers = { Authorization: `Bearer ${token}` };
  const heard: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method === 'POST')
      wire.push(
        response
          .clone()
          .text()
          .catch(() => ''),
      );
    return response;
  };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers }, fetch: heard });
  await client.connect(transport as Transport);
  clients.push(client);
  return client;
}

async function call(client: Client, name: string, input: Record<string, unknown>, signal?: AbortSignal) {
  const params = { name, arguments: input, _meta: { 'claudecode/toolUseId': 'toolu_1' } };
  const result = await client.callTool(params, CallToolResultSchema, signal ? { signal } : {});
  const [block] = CallToolResultSchema.parse(result).content;
  return { text: block?.type === 'text' ? block.text : '', isError: result.isError === true };
}

/** The status of a request that has all that the protocol wants, but for what is given. */
function statusOf(url: string, token: string | undefined, { host, body = initialize }: Partial<Asked> = {}) {
  return new Promise<number | undefined>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(host === undefined ? {} : { host }),
    };
    // A connection of its own: one that is kept breaks in another way than none that is taken.
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    request.end(body);
  });
}

type Asked = { readonly host: string; readonly body: string };

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

test('a client sees the tools of its mount, with their schema as it was given, and no others', async () => {
  const [one, two] = await Promise.all([server.mount([echo]), server.mount([toolNamed('other')])]);
  expect(one.names).toEqual(['echo']);
  const { tools } = await (await connect(one)).listTools();
  expect(tools.map(({ name, description }) => ({ name, description }))).toEqual([
    { name: 'echo', description: echo.description },
  ]);
  expect((await Promise.all(wire)).join()).toContain(`"inputSchema":${JSON.stringify(echo.inputSchema)}`);
  const other = await connect(two);
  expect((await other.listTools()).tools.map(({ name }) => name)).toEqual(['other']);
  expect(await call(other, 'echo', { text: 'hello' })).toEqual({ text: 'There is no tool echo.', isError: true });
});

test('a call gets the answer of the tool, which learns the id of the call', async () => {
  const client = await connect(await server.mount([echo]));
  expect(await call(client, 'echo', { text: 'hello' })).toEqual({ text: 'toolu_1: hello', isError: false });
});

test('an input that does not fit is told to the model and never reaches the tool', async () => {
  const client = await connect(await server.mount([echo]));
  const answer = await call(client, 'echo', { text: 3, more: true });
  expect(answer.isError).toBe(true);
  expect(answer.text).toBe(
    'The input does not fit the tool echo: data must NOT have additional properties, data/text must be string',
  );
});

test('a tool that throws tells the model nothing of why, and us everything', async () => {
  const broken: OwnTool = { ...toolNamed('broken'), call: () => Promise.reject(new Error('password hunter2')) };
  const careless: OwnTool = {
    ...toolNamed('careless'),
    call() {
      throw new Error('at once');
    },
  };
  const client = await connect(await server.mount([broken, careless]));
  const answer = await call(client, 'broken', {});
  expect(answer).toEqual({
    text: 'The tool broken failed: something went wrong inside Spiral, not with the input.',
    isError: true,
  });
  expect((await call(client, 'careless', {})).isError).toBe(true);
  expect(problems).toEqual([
    'the tool broken failed: Error: password hunter2',
    'the tool careless failed: Error: at once',
  ]);
});

test('a long answer is cut, and says so', async () => {
  const chatty: OwnTool = { ...toolNamed('chatty'), call: async () => ({ text: 'x'.repeat(60_000) }) };
  const { text } = await call(await connect(await server.mount([chatty])), 'chatty', {});
  expect(text).toBe(`${'x'.repeat(50_000)}\n[cut: 60000 bytes in all, an answer has at most 50000]`);
});

test('only who shows the token of the mount is let in', async () => {
  const [one, two] = await Promise.all([server.mount([echo]), server.mount([echo])]);
  expect(await statusOf(one.url, one.token)).toBe(200);
  expect(await statusOf(one.url, undefined)).toBe(401);
  expect(await statusOf(one.url, 'a guess')).toBe(401);
  expect(await statusOf(one.url, two.token)).toBe(401);
  expect(await statusOf(`${one.url}x`, one.token)).toBe(404);
  expect(await statusOf(one.url, one.token, { host: 'attacker.example' })).toBe(403);
});

test('a request that is larger than any call is refused', async () => {
  const { url, token } = await server.mount([echo]);
  expect(await statusOf(url, token, { body: `"${'x'.repeat(5 * 1024 * 1024)}"` })).toBe(413);
});

test('a call that its client cancels is aborted', async () => {
  const waiting = held();
  const client = await connect(await server.mount([waiting.tool]));
  const stop = new AbortController();
  const called = call(client, 'held', {}, stop.signal);
  await waiting.begun;
  stop.abort('enough');
  await expect(called).rejects.toThrow();
  await waiting.aborted;
});

test('a call whose client is gone is aborted', async () => {
  const waiting = held();
  const client = await connect(await server.mount([waiting.tool]));
  const called = call(client, 'held', {}).catch(() => 'gone');
  await waiting.begun;
  await client.close();
  await waiting.aborted;
  expect(await called).toBe('gone');
});

test('an unmount aborts the calls of its own clients and leaves the others alone', async () => {
  const [first, second] = [held(), held()];
  const [one, two] = await Promise.all([server.mount([first.tool]), server.mount([second.tool])]);
  const ended = call(await connect(one), 'held', {}).catch(() => 'gone');
  const going = call(await connect(two), 'held', {});
  await Promise.all([first.begun, second.begun]);
  await one.unmount();
  await first.aborted;
  expect(await statusOf(one.url, one.token)).toBe(404);
  second.answer('still here');
  expect(await going).toEqual({ text: 'still here', isError: false });
  void ended;
});

test('nothing listens after the server was closed', async () => {
  const { url, token } = await server.mount([echo]);
  await server.close();
  await expect(statusOf(url, token)).rejects.toThrow('ECONNREFUSED');
  await expect(server.mount([echo])).rejects.toThrow('closed');
});

test('a tool that cannot be offered is refused when it is mounted', async () => {
  const refused = [
    [{ ...echo, name: 'not a name' }],
    [echo, echo],
    [{ ...echo, inputSchema: { type: 'string' } }],
    [{ ...echo, inputSchema: { type: 'object', properties: { text: { type: 'nonsense' } } } }],
  ];
  for (const tools of refused) {
    const { ready } = await server.mount(tools);
    await expect(ready).rejects.toThrow(ToolNotServable);
  }
});

test('nothing listens after the process was killed', async () => {
  const script = fileURLToPath(new URL('./tool-server-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const { value: url = '' } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    expect(await statusOf(url, 'a guess')).toBe(401);
    child.kill('SIGKILL');
    await exited;
    await expect(statusOf(url, 'a guess')).rejects.toThrow('ECONNREFUSED');
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
});
