import { afterEach, beforeEach, expect } from 'vitest';
import { bash } from '../../../src/rehearsal/play.ts';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import type { OwnTool, ToolServer } from '../../../src/toolbox/toolbox.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning } from '../../support/processes.ts';
import { openSessions, own } from './sessions.ts';
import { echo, held, toolNamed } from './tools.ts';

let server: ToolServer;
let sessions: ReturnType<typeof openSessions>;

beforeEach(() => {
  server = openToolServer({ onProblem: () => undefined });
  sessions = openSessions();
});
afterEach(async () => {
  await server.close();
  expect(processesMentioning(sessions.workspace)).toEqual([]);
  sessions.leave();
});

const withBubblewrap = needs('bwrap');

withBubblewrap('a session calls our tools in every kind of session, and each call has its id', async () => {
  const tools = await server.mount([{ ...echo, alwaysLoad: true }, toolNamed('other')]);
  for (const kind of [{}, { mayAsk: true }, { tools: 'read' }, { tools: 'none' }] as const) {
    const calls = [own('echo', { text: 'hello' }), own('other')];
    const { results, offered, finished } = await sessions.round(calls, tools, kind);
    expect(offered).toEqual(expect.arrayContaining(['mcp__spiral__echo', 'mcp__spiral__other']));
    expect(results).toEqual([
      { text: expect.stringMatching(/^toolu_\w+: hello$/), failed: false },
      { text: 'This is other.', failed: false },
    ]);
    expect(finished.ending.kind).toBe('completed');
  }
});

withBubblewrap('a tool that throws and an input that does not fit are told to the model', async () => {
  const broken: OwnTool = { ...toolNamed('broken'), call: () => Promise.reject(new Error('hunter2')) };
  const tools = await server.mount([echo, broken]);
  const { results } = await sessions.round([own('broken'), own('echo', {})], tools);
  expect(results.map(({ failed }) => failed)).toEqual([true, true]);
  expect(results[0]?.text).toContain('The tool broken failed');
  expect(results[0]?.text).not.toContain('hunter2');
  expect(results[1]?.text).toContain("must have required property 'text'");
});

withBubblewrap('two sessions side by side have their own tools and no others', async () => {
  const [one, two] = [held('one'), held('two')];
  const [first, second] = await Promise.all([server.mount([one.tool]), server.mount([two.tool])]);
  const running = Promise.all([
    sessions.round([own('one'), own('two')], first),
    sessions.round([own('two'), own('one')], second),
  ]);
  await Promise.all([one.begun, two.begun]);
  one.answer('to the first');
  two.answer('to the second');
  const [left, right] = await running;
  expect(left.results[0]).toEqual({ text: 'to the first', failed: false });
  expect(right.results[0]).toEqual({ text: 'to the second', failed: false });
  expect([left.results[1]?.failed, right.results[1]?.failed]).toEqual([true, true]);
  expect(left.offered).not.toContain('mcp__spiral__two');
});

withBubblewrap('a session with a wrong token has no tools and works all the same', async () => {
  const tools = await server.mount([echo]);
  const { results, offered, finished } = await sessions.round([own('echo', { text: 'hello' })], {
    ...tools,
    token: 'a guess',
  });
  expect(offered).not.toContain('mcp__spiral__echo');
  expect(results[0]?.failed).toBe(true);
  expect(finished.ending.kind).toBe('completed');
});

withBubblewrap('a tool that was not named for the session is refused', async () => {
  const tools = await server.mount([echo, toolNamed('other')]);
  const { results } = await sessions.round([own('other')], { ...tools, names: ['echo'] });
  expect(results[0]?.text).toContain('there is no tool mcp__spiral__other here');
});

withBubblewrap('no process and no command sees the token, and no command reaches the tools', async () => {
  let seen: string[] = [];
  const look: OwnTool = {
    ...toolNamed('look'),
    async call() {
      seen = processesMentioning(tools.token);
      return { text: 'looked' };
    },
  };
  const tools = await server.mount([look]);
  // The pattern must not find itself.
  const pattern = `[${tools.token[0]}]${tools.token.slice(1, 12)}`;
  const search = bash(
    `cat /proc/[0-9]*/{cmdline,environ} 2>/dev/null | tr '\\0' '\\n' | grep -ce '${pattern}'`,
    'Look',
  );
  const { port } = new URL(tools.url);
  const reach = bash(`exec 3<>/dev/tcp/127.0.0.1/${port} && echo reached`, 'Reach');
  const { results } = await sessions.round([own('look'), search, reach], tools);
  expect(results.map(({ text }) => text.split('\n')[0])).toEqual(['looked', '0', 'Exit code 1']);
  expect(seen).toEqual([]);
});

withBubblewrap('the call of a session that is ended is aborted', async () => {
  const waiting = held();
  const tools = await server.mount([waiting.tool]);
  const stop = new AbortController();
  const running = sessions.round([own('held')], tools, {}, stop.signal);
  await waiting.begun;
  stop.abort('cancelled');
  await waiting.aborted;
  expect((await running).finished.ending.kind).toBe('aborted');
});
