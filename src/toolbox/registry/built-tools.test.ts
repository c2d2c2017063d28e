import { expect, test } from 'vitest';
import { type Tool, type ToolUse, toolManifest } from '../../domain/tool.ts';
import type { BuiltToolNeeds } from './as-own-tool.ts';
import { offeredTo } from './built-tools.ts';

const room = { tools: 2, bytes: 10_000 };
const call = { signal: new AbortController().signal };

function toolNamed(name: string, day: number, changes: Partial<Tool> & { readonly description?: string } = {}): Tool {
  const { description = `Does what ${name} does.`, ...rest } = changes;
  const manifest = toolManifest.parse({
    ...{ name, description, version: '1.0.0', language: 'node', entry: 'index.mjs' },
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    outputSchema: {},
  });
  return {
    manifest,
    digest: name,
    provenance: { requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person', builtAt: '2026-01-01T00:00:00Z' },
    publishedAt: new Date(day * 86_400_000),
    ...{ status: 'active', versions: ['1.0.0'], calls: 0, failures: 0 },
    ...rest,
  };
}

/** A session that is offered what `tools` holds at each moment. */
function session(tools: Tool[], given: typeof room | 'unlimited' = room) {
  const uses: ToolUse[] = [];
  const needs: BuiltToolNeeds & Parameters<typeof offeredTo>[2] = {
    registry: {
      active: async () => tools,
      async load(name) {
        const tool = tools.find(({ manifest }) => manifest.name === name);
        return tool && { tool, folder: `/tools/${name}` };
      },
      onChange: () => () => undefined,
    },
    async used(use) {
      uses.push(use);
    },
    run: async ({ tool }, input) => ({ kind: 'output', output: [tool.manifest.name, input] }),
    onProblem: (problem) => expect.unreachable(problem),
  };
  const source = offeredTo({ agent: 'developer' }, [], needs, given === 'unlimited' ? undefined : given);
  const names = async () => (await source.tools()).map(({ name }) => name);
  const reach = async () => (await source.tools()).find(({ name }) => name === 'call_tool');
  return { names, reach, uses };
}

test('as many tools as there is room for are listed by themselves, and nothing else is', async () => {
  expect(await session([toolNamed('one', 1), toolNamed('two', 2)]).names()).toEqual(['one', 'two']);
  const more = [toolNamed('one', 1), toolNamed('two', 2), toolNamed('three', 3)];
  expect(await session(more).names()).toEqual(['call_tool', 'two', 'three']);
});

test('without a limit all are listed', async () => {
  const tools = [toolNamed('one', 1), toolNamed('two', 2), toolNamed('three', 3)];
  expect(await session(tools, 'unlimited').names()).toEqual(['one', 'two', 'three']);
});

test('what was used or published last is listed, and the others are named by the tool that calls them', async () => {
  const tools = [
    toolNamed('old', 1),
    toolNamed('used', 1, { lastUsedAt: new Date(9 * 86_400_000) }),
    toolNamed('new', 5),
  ];
  const { names, reach } = session(tools);
  expect(await names()).toEqual(['call_tool', 'used', 'new']);
  expect((await reach())?.description).toContain('not listed by itself: old. ');
});

test('tools with long descriptions share the room', async () => {
  const long = toolNamed('long', 9, { description: 'x'.repeat(900) });
  const { names } = session([long, toolNamed('short', 1)], { tools: 2, bytes: 700 });
  expect(await names()).toEqual(['call_tool', 'short']);
});

test('a tool that a session was listed stays there when others come', async () => {
  const tools = [toolNamed('first', 1), toolNamed('second', 2)];
  const { names, reach } = session(tools);
  await names();
  tools.push(toolNamed('third', 3));
  expect(await names()).toEqual(['call_tool', 'first', 'second']);
  expect((await reach())?.description).toContain('third');
  tools.shift();
  expect(await names()).toEqual(['second', 'third']);
});

test('a tool that is not listed is called, checked and counted as every other', async () => {
  const tools = [toolNamed('old', 1), toolNamed('two', 2), toolNamed('three', 3)];
  const { reach, uses } = session(tools);
  const tool = await reach();
  expect(await tool?.call({ name: 'old', input: { text: 'a' } }, call)).toEqual({ text: '["old",{"text":"a"}]' });
  expect(await tool?.call({ name: 'old', input: { text: 3 } }, call)).toEqual({
    text: 'The input does not fit the tool old: data/text must be string',
    isError: true,
  });
  expect(uses).toMatchObject([
    { name: 'old', agent: 'developer', outcome: 'succeeded' },
    { name: 'old', agent: 'developer', outcome: 'refused-input' },
  ]);
});

test('a tool that was taken away meanwhile is not called, and the answer says so', async () => {
  const tools = [toolNamed('old', 1), toolNamed('two', 2), toolNamed('three', 3)];
  const { reach, uses } = session(tools);
  const tool = await reach();
  tools.shift();
  expect(await tool?.call({ name: 'old', input: {} }, call)).toEqual({
    text: 'There is no tool old. See search_tools.',
    isError: true,
  });
  expect(uses).toEqual([]);
});

test('a hundred names are told at most, and how many more there are', async () => {
  const tools = Array.from({ length: 250 }, (_, index) => toolNamed(`tool-${index}`, index));
  const { names, reach } = session(tools);
  expect(await names()).toEqual(['call_tool', 'tool-248', 'tool-249']);
  expect((await reach())?.description).toContain('tool-99, and 148 more. ');
});
