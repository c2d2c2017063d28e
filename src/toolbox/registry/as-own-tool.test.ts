import { expect, test } from 'vitest';
import type { TaskId } from '../../domain/identifiers.ts';
import { type Tool, type ToolUse, toolManifest } from '../../domain/tool.ts';
import { type LoadedTool, ToolNotLoadable } from '../registry.ts';
import type { ToolAnswer } from '../toolbox.ts';
import { asOwnTool, type BuiltToolNeeds, type ToolRunEnd } from './as-own-tool.ts';

const manifest = toolManifest.parse({
  name: 'count-words',
  version: '1.2.0',
  description: 'Counts the words of a text.',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  },
  outputSchema: { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] },
  language: 'node',
  entry: 'index.mjs',
});

function toolOf(changes: Partial<typeof manifest> = {}): Tool {
  return {
    manifest: { ...manifest, ...changes },
    digest: JSON.stringify(changes),
    provenance: { requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person', builtAt: '2026-01-01T00:00:00Z' },
    publishedAt: new Date(0),
    ...{ status: 'active', versions: [manifest.version], calls: 0, failures: 0 },
  };
}

type Called = { readonly answer: ToolAnswer; readonly uses: readonly ToolUse[]; readonly problems: readonly string[] };

/** One call of the tool, whose run comes to this end. */
async function callOf(
  end: ToolRunEnd,
  input: unknown = { text: 'a b c' },
  changes: Partial<BuiltToolNeeds> & { readonly loaded?: Tool } = {},
): Promise<Called> {
  const { loaded = toolOf(), ...needs } = changes;
  const uses: ToolUse[] = [];
  const problems: string[] = [];
  const tool = asOwnTool(
    toolOf(),
    { agent: 'developer', taskId: 'task0001' as TaskId },
    {
      registry: { load: async (): Promise<LoadedTool> => ({ tool: loaded, folder: '/tools/count-words/1.2.0' }) },
      used: async (use) => {
        uses.push(use);
      },
      run: async () => end,
      onProblem: (problem) => problems.push(problem),
      ...needs,
    },
  );
  const answer = await tool.call(input, { signal: new AbortController().signal });
  return { answer, uses, problems };
}

const output: ToolRunEnd = { kind: 'output', output: { words: 3 } };

test('the model sees the schema as it is', () => {
  const needs: BuiltToolNeeds = {
    registry: { load: async () => undefined },
    used: async () => undefined,
    run: async () => output,
    onProblem: () => undefined,
  };
  const { name, description, inputSchema, alwaysLoad } = asOwnTool(toolOf(), { agent: 'developer' }, needs);
  expect({ name, description, alwaysLoad }).toEqual({ name: 'count-words', description: manifest.description });
  expect(JSON.stringify(inputSchema)).toBe(JSON.stringify(manifest.inputSchema));
  // No client sees it, so none can refuse the list for it; answers are held against it here.
  expect(asOwnTool(toolOf(), { agent: 'developer' }, needs)).not.toHaveProperty('outputSchema');
});

test('an output is given to the model as JSON, and the call is counted', async () => {
  const { answer, uses } = await callOf(output);
  expect(answer).toEqual({ text: '{"words":3}' });
  expect(uses).toEqual([
    {
      ...{ name: 'count-words', version: '1.2.0', agent: 'developer', taskId: 'task0001', outcome: 'succeeded' },
      durationMs: expect.any(Number),
    },
  ]);
});

test('an input that does not fit never reaches the tool, and the answer says what is wrong', async () => {
  let ran = false;
  const run = async () => {
    ran = true;
    return output;
  };
  const { answer, uses } = await callOf(output, { text: 3 }, { run });
  expect(answer).toEqual({
    text: 'The input does not fit the tool count-words: data/text must be string',
    isError: true,
  });
  expect(ran).toBe(false);
  expect(uses).toMatchObject([{ outcome: 'refused-input' }]);
});

test('an output that does not fit is not given to the model', async () => {
  const { answer, uses } = await callOf({ kind: 'output', output: { words: 'three', secret: 'x' } });
  expect(answer.isError).toBe(true);
  expect(answer.text).toContain('data/words must be integer');
  expect(answer.text).not.toContain('three');
  expect(uses).toMatchObject([{ outcome: 'wrong-output' }]);
});

test.each<[ToolRunEnd, ToolUse['outcome'], string]>([
  [{ kind: 'failed', reason: 'no such file' }, 'failed', 'The tool count-words failed: no such file'],
  [
    { kind: 'over-limit', reason: 'it took more than 30 seconds' },
    'over-limit',
    'The tool count-words was ended: it took more than 30 seconds',
  ],
  [
    { kind: 'wrong-output', reason: 'it printed no JSON' },
    'wrong-output',
    'The tool count-words gave something that is not an answer of its kind, so do not use it: it printed no JSON',
  ],
])('a run that ends as %j is told to the model and counted', async (end, outcome, text) => {
  const { answer, uses } = await callOf(end);
  expect(answer).toEqual({ text, isError: true });
  expect(uses).toMatchObject([{ outcome }]);
});

test('a call that nobody waits for any more is not counted', async () => {
  const { answer, uses } = await callOf({ kind: 'aborted' });
  expect(answer.isError).toBe(true);
  expect(uses).toEqual([]);
});

test('what was rolled back after it was listed is called, checked and counted as the version that is served', async () => {
  const loaded = toolOf({ version: '1.0.0', inputSchema: { type: 'object', required: ['words'] } });
  const { answer, uses } = await callOf(output, { text: 'a b c' }, { loaded });
  expect(answer.text).toContain("must have required property 'words'");
  expect(uses).toMatchObject([{ version: '1.0.0', outcome: 'refused-input' }]);
});

test('a tool that was taken away after it was listed says so', async () => {
  const { answer, uses } = await callOf(output, {}, { registry: { load: async () => undefined } });
  expect(answer).toEqual({
    text: 'There is no tool count-words any more: it was taken away. Go on without it.',
    isError: true,
  });
  expect(uses).toEqual([]);
});

test('a tool that cannot be loaded tells us why, and the model only that it cannot be used', async () => {
  const load = () =>
    Promise.reject(new ToolNotLoadable('count-words', '1.2.0', 'the disk is full', 'Free some space.'));
  const { answer, problems } = await callOf(output, {}, { registry: { load } });
  expect(answer.isError).toBe(true);
  expect(answer.text).not.toContain('disk');
  expect(problems).toEqual(['the tool count-words 1.2.0 cannot be loaded: the disk is full. Free some space.']);
});

test('a call stays answered when it cannot be counted', async () => {
  const { answer, problems } = await callOf(output, undefined, { used: () => Promise.reject(new Error('gone')) });
  expect(answer).toEqual({ text: '{"words":3}' });
  expect(problems).toEqual(['a call of the tool count-words could not be counted: Error: gone']);
});

test('an output without a value is null for the model', async () => {
  const loaded = toolOf({ outputSchema: {} });
  const { answer } = await callOf({ kind: 'output', output: null }, undefined, { loaded });
  expect(answer).toEqual({ text: 'null' });
});
