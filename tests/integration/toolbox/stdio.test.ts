import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveOverStdio } from '../../../src/toolbox/mcp/stdio.ts';
import type { OwnTool, ToolSource } from '../../../src/toolbox/toolbox.ts';
import { changingTools } from './changing-tools.ts';
import { echo, held, toolNamed } from './tools.ts';

let input: PassThrough;
let output: PassThrough;
let printed: string;
let problems: string[];
let stop: AbortController;

beforeEach(() => {
  [input, output, stop] = [new PassThrough(), new PassThrough(), new AbortController()];
  printed = '';
  problems = [];
  output.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
});
afterEach(() => stop.abort());

function serve(tools: readonly OwnTool[] | ToolSource): Promise<void> {
  return serveOverStdio(tools, { input, output }, (problem) => problems.push(problem), stop.signal);
}

/** The real client at the other end: the form of the messages is the same in both directions. */
async function connect(client = new Client({ name: 'test', version: '1' })): Promise<Client> {
  await client.connect(new StdioServerTransport(output, input));
  return client;
}

async function call(client: Client, name: string, given: Record<string, unknown>) {
  const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: given }));
  const [block] = result.content;
  return { text: block?.type === 'text' ? block.text : '', isError: result.isError === true };
}

test('a client lists and calls tools, and every line that is printed is a message of the protocol', async () => {
  void serve([echo]);
  const client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
  expect(printed).toContain(`"inputSchema":${JSON.stringify(echo.inputSchema)}`);
  expect(await call(client, 'echo', { text: 'hello' })).toEqual({ text: 'undefined: hello', isError: false });
  expect((await call(client, 'echo', { text: 3 })).isError).toBe(true);
  expect(await call(client, 'other', {})).toEqual({ text: 'There is no tool other.', isError: true });
  const lines = printed.trim().split('\n');
  expect(lines.map((line) => Object(JSON.parse(line)).jsonrpc)).toEqual(lines.map(() => '2.0'));
  expect(problems).toEqual([]);
});

test('a client is told when other tools are offered, and nobody listens for changes after it is gone', async () => {
  const changing = changingTools([echo]);
  const served = serve(changing.source);
  const client = new Client({ name: 'test', version: '1' });
  client.setNotificationHandler(ToolListChangedNotificationSchema, async () => {
    await client.listTools();
  });
  await connect(client);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
  await changing.change([echo, toolNamed('more')]);
  expect(await call(client, 'more', {})).toEqual({ text: 'This is more.', isError: false });
  input.end();
  await served;
  expect(changing.listeners.size).toBe(0);
});

test('a client that is gone ends the serving and the calls that are open', async () => {
  const waiting = held();
  const served = serve([waiting.tool]);
  const client = await connect();
  void call(client, 'held', {}).catch(() => undefined);
  await waiting.begun;
  input.end();
  await served;
  await waiting.aborted;
});

test('serving ends with its signal, also with one that was aborted before it began', async () => {
  const served = serve([echo]);
  await connect();
  stop.abort();
  await served;
  await serve([echo]);
});

test('a line that is no message is told, and what follows it is answered', async () => {
  void serve([echo]);
  input.write('this is no message\n{"jsonrpc":"1.0"}\n');
  const client = await connect();
  expect(await call(client, 'echo', { text: 'still here' })).toEqual({ text: 'undefined: still here', isError: false });
  expect(problems).toHaveLength(2);
  expect(problems.every((problem) => !problem.includes('\n'))).toBe(true);
});

test('a message that is larger than any call ends the connection', async () => {
  const served = serve([echo]);
  input.write('x'.repeat(5 * 1024 * 1024));
  await served;
  expect(problems.join()).toContain('maximum size');
});

test('an output that nobody reads any more ends the serving', async () => {
  const served = serve([echo]);
  await connect();
  const failed = once(output, 'error');
  output.destroy(new Error('EPIPE'));
  await failed;
  await served;
});
