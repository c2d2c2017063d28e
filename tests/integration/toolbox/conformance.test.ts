import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import type { OwnTool, ToolAccess, ToolServer } from '../../../src/toolbox/toolbox.ts';
import { toolNamed } from './tools.ts';

/** Of the official conformance suite of the protocol, against the server that our sessions use. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-error',
  'json-schema-2020-12',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
];

/** What does not apply, and why. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'there are tools and nothing else': [
    ...['resources-list', 'resources-read-text', 'resources-read-binary', 'resources-templates-read'],
    ...['resources-subscribe', 'resources-unsubscribe', 'prompts-list', 'prompts-get-simple', 'prompts-get-with-args'],
    ...['prompts-get-embedded-resource', 'prompts-get-with-image', 'completion-complete', 'logging-set-level'],
  ],
  'a tool answers with text': [
    ...['tools-call-image', 'tools-call-audio', 'tools-call-embedded-resource', 'tools-call-mixed-content'],
  ],
  'a tool that runs in a cell says nothing before its answer, and asks nobody': [
    ...['tools-call-with-logging', 'tools-call-with-progress', 'tools-call-sampling', 'tools-call-elicitation'],
    ...['elicitation-sep1034-defaults', 'elicitation-sep1330-enums'],
  ],
  'no stream is closed before its answer': ['server-sse-polling'],
};

/** What the suite calls by name. */
const tools: readonly OwnTool[] = [
  {
    ...toolNamed('test_simple_text'),
    call: async () => ({ text: 'This is a simple text response for testing.' }),
  },
  {
    ...toolNamed('test_error_handling'),
    call: async () => ({ text: 'This tool intentionally returns an error for testing', isError: true }),
  },
  {
    ...toolNamed('json_schema_2020_12_tool'),
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
      properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      additionalProperties: false,
    },
  },
];

let server: ToolServer;
let door: Server;
let url: string;

beforeAll(async () => {
  server = openToolServer({ onProblem: () => undefined });
  door = doorTo(await server.mount(tools));
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`;
});
afterAll(async () => {
  door.closeAllConnections();
  door.close();
  await server.close();
});

/** The suite can show no token: this shows it for the suite, and passes on everything else as it is, also the name of a foreign host. */
function doorTo(access: Pick<ToolAccess, 'url' | 'token'>): Server {
  const { host } = new URL(access.url);
  return createServer((incoming, response) => {
    const isOwn = incoming.headers.host === new URL(url).host;
    const headers = {
      ...incoming.headers,
      authorization: `Bearer ${access.token}`,
      ...(isOwn ? { host } : {}),
    };
    const passed = httpRequest(access.url, { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
}

const suite = fileURLToPath(new URL('../../../node_modules/.bin/conformance', import.meta.url));

async function suiteWith(...args: readonly string[]) {
  const child = spawn(process.execPath, [suite, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode, said: `${out}${errors}` };
}

test.each(scenarios)('the scenario %s of the conformance suite passes', async (scenario) => {
  const { exitCode, said } = await suiteWith('server', '--url', url, '--scenario', scenario);
  expect(said).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/);
  expect(exitCode).toBe(0);
});

test('every scenario for servers is run, or left out for a reason', async () => {
  const { said } = await suiteWith('list', '--server');
  const names = [...said.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name);
  expect(names.toSorted()).toEqual([...scenarios, ...Object.values(leftOut).flat()].toSorted());
});
