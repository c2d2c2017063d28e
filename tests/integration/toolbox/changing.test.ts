import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import type { OwnTool, ToolAccess, ToolServer } from '../../../src/toolbox/toolbox.ts';
import { changingTools } from './changing-tools.ts';
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

/** A client that lists the tools again whenever it is told to, and knows how often that was. */
async function connect({ url, token }: Pick<ToolAccess, 'url' | 'token'>) {
  const client = new Client({ name: 'test', version: '1' });
  const told = new EventTarget();
  client.setNotificationHandler(ToolListChangedNotificationSchema, async () => {
    await client.listTools();
    told.dispatchEvent(new Event('told'));
  });
  // Notifications come over a stream of their own, which the client opens when it has begun.
  let listen: () => void = () => undefined;
  const listening = new Promise<void>((resolve) => {
    listen = resolve;
  });
  const heard: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method === 'GET') listen();
    else
      wire.push(
        response
          .clone()
          .text()
          .catch(() => ''),
      );
    return response;
  };
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit, fetch: heard });
  await client.connect(transport as Transport);
  clients.push(client);
  await listening;
  return { client, told };
}

async function namesFor(client: Client): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: input }, CallToolResultSchema));
  const [block] = result.content;
  return block?.type === 'text' ? block.text : '';
}

test('every client is told when the tools have changed, and then lists and calls what is offered', async () => {
  const tools = changingTools([echo]);
  const mount = await server.mount(tools.source);
  expect(mount.names).toBe('changing');
  const [one, two] = [await connect(mount), await connect(mount)];
  expect(one.client.getServerCapabilities()?.tools).toEqual({ listChanged: true });
  expect(await namesFor(one.client)).toEqual(['echo']);
  const told = Promise.all([once(one.told, 'told'), once(two.told, 'told')]);
  await tools.change([echo, toolNamed('later')]);
  await told;
  for (const { client } of [one, two]) {
    expect(await namesFor(client)).toEqual(['echo', 'later']);
    expect(await textOf(client, 'later')).toBe('This is later.');
  }
  const again = once(one.told, 'told');
  await tools.change([toolNamed('later')]);
  await again;
  expect(await namesFor(one.client)).toEqual(['later']);
  expect(await textOf(one.client, 'echo', { text: 'x' })).toBe('There is no tool echo.');
});

test('the schema of a tool that came later is given on as it is', async () => {
  const inputSchema = {
    required: ['b', 'a'],
    type: 'object',
    properties: { b: { $ref: '#/$defs/x' }, a: {} },
    $defs: { x: {} },
  };
  const { client } = await connect(await server.mount(changingTools([{ ...echo, inputSchema }]).source));
  await client.listTools();
  expect((await Promise.all(wire)).join()).toContain(`"inputSchema":${JSON.stringify(inputSchema)}`);
});

test('a list of tools that stays does not say that it changes', async () => {
  const mount = await server.mount([echo]);
  const { client } = await connect(mount);
  expect(client.getServerCapabilities()?.tools).toEqual({});
});

test('a tool that cannot be served is left out and told once, and the others are there', async () => {
  const bad = [
    { ...echo, name: 'not a name' },
    { ...echo, name: 'text', inputSchema: { type: 'string' } },
    { ...echo, name: 'anything', inputSchema: { type: 'object', properties: { anything: true } } },
    toolNamed('good'),
  ];
  const { client } = await connect(await server.mount(changingTools([toolNamed('good'), ...bad]).source));
  expect(await namesFor(client)).toEqual(['good']);
  expect(await namesFor(client)).toEqual(['good']);
  expect(problems).toEqual([
    'the tool not a name cannot be served: a name has up to 48 letters, digits, _ and -',
    'the tool text cannot be served: its input has to be an object',
    'the tool anything cannot be served: clients do not understand its input schema',
    'the tool good cannot be served: there are two of that name',
  ]);
});

test('tools that cannot be listed are a plain answer for the client, and the reason is ours', async () => {
  const source = { tools: () => Promise.reject(new Error('password hunter2')), onChange: () => () => undefined };
  const { client } = await connect(await server.mount(source));
  await expect(client.listTools()).rejects.toThrow(/cannot be listed at this moment$/);
  expect(problems).toEqual(['the tools cannot be listed: Error: password hunter2']);
});

test('a tool that is taken away ends none of its calls', async () => {
  const waiting = held();
  const tools = changingTools([waiting.tool]);
  const { client } = await connect(await server.mount(tools.source));
  const answer = textOf(client, 'held');
  await waiting.begun;
  await tools.change([]);
  waiting.answer('still here');
  expect(await answer).toBe('still here');
});

test('a tool that checks its input itself gets whatever comes', async () => {
  const own: OwnTool = { ...echo, checksInput: true, call: async (input) => ({ text: JSON.stringify(input) }) };
  const { client } = await connect(await server.mount(changingTools([own]).source));
  expect(await textOf(client, 'echo', { other: 1 })).toBe('{"other":1}');
});

test('nobody listens for changes of what was unmounted', async () => {
  const tools = changingTools([echo]);
  const mount = await server.mount(tools.source);
  await connect(mount);
  expect(tools.listeners.size).toBe(1);
  await mount.unmount();
  expect(tools.listeners.size).toBe(0);
});
