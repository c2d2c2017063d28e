import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EngineEvent } from '../engine.ts';
import { claudeLineSchema } from './lines.ts';
import { type OpenCalls, translate } from './translate.ts';

/** Plays lines that were recorded from the real Claude Code. */
function translated(recording: string): EngineEvent[] {
  const file = new URL(`./__fixtures__/${recording}.jsonl`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  let open: OpenCalls = new Map();
  return lines.flatMap((text) => {
    const line = claudeLineSchema.safeParse(JSON.parse(text));
    if (!line.success) return [];
    const result = translate(line.data, open, '/workspace/project');
    open = result.open;
    return result.events;
  });
}

function linesOf(events: readonly EngineEvent[], kind: 'said' | 'step' | 'notice'): string[] {
  return events.flatMap((event) => (event.kind === kind && 'line' in event ? [event.line] : []));
}

test('what the model says is told by its first line, and kept whole', () => {
  const said = translated('whole-round').filter((event) => event.kind === 'said');
  expect(said.map(({ line }) => line)).toEqual(['Creating project structure…', 'Done. 15 tests pass.']);
  expect(said[0]?.text).toBe('Creating project structure…\nwith two files');
});

test('tool calls are steps, with paths relative to the workspace', () => {
  expect(linesOf(translated('whole-round'), 'step')).toEqual([
    'Writing src/sum.js',
    'Writing test/sum.test.js',
    'Running node --test',
    'Running ls nowhere; exit 3',
    'Writing ../../etc/outside',
    'Editing src/sum.js',
    'Reading src/sum.js',
    'Searching for sum',
  ]);
});

test('a command comes with its exit code and its output without the line that names it', () => {
  const commands = translated('whole-round').filter((event) => event.kind === 'command');
  expect(commands.map(({ command, exitCode }) => [command, exitCode])).toEqual([
    ['node --test', 0],
    ['ls nowhere; exit 3', 3],
  ]);
  expect(commands[1]?.output).toMatch(/^ls: cannot access 'nowhere'/);
});

test('a tool call that was refused is a notice', () => {
  expect(linesOf(translated('whole-round'), 'notice')).toEqual(['Write was refused: outside what is allowed']);
});

test('a round that came to its end is completed, with the totals of its session', () => {
  const finished = translated('whole-round').at(-1);
  expect(finished).toMatchObject({ kind: 'finished', ending: { kind: 'completed' }, text: 'Done. 15 tests pass.' });
  expect(finished?.kind === 'finished' && finished.session.inputTokens).toBeGreaterThan(0);
  expect(finished?.kind === 'finished' && finished.session.costUsd).toBeGreaterThan(0);
});

test('keys are unique within a session, so that nothing is recorded twice or dropped', () => {
  const keys = translated('whole-round').flatMap((event) =>
    'key' in event ? [`${event.kind === 'command' ? 'command' : 'other'} ${event.key}`] : [],
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('an API that fails to the end is a failure, although the result says success', () => {
  const events = translated('server-error');
  expect(linesOf(events, 'notice')[0]).toMatch(/^Model API: server error \(500\), retry 1\/1 in 0\.\d s$/);
  expect(events.at(-1)).toMatchObject({ kind: 'finished', ending: { kind: 'failed' } });
});

test('an API that drops its connections cannot be reached', () => {
  const events = translated('unreachable');
  expect(linesOf(events, 'notice')[0]).toMatch(/^Model API: no answer, retry 1\/1/);
  expect(events.at(-1)).toMatchObject({
    ending: { kind: 'failed', message: expect.stringMatching(/^the model API cannot be reached/) },
  });
});

test.each(['refused-key', 'forbidden'])('a key that is refused is told apart from other failures (%s)', (recording) => {
  expect(translated(recording).at(-1)).toMatchObject({ ending: { kind: 'refused-key' } });
});

test('a round that was interrupted is aborted, and its command did not end by itself', () => {
  const events = translated('interrupted');
  expect(events.find((event) => event.kind === 'command')).toMatchObject({ exitCode: null, output: 'interrupted' });
  expect(events.at(-1)).toMatchObject({ kind: 'finished', ending: { kind: 'aborted' } });
});

test('what the model says after an API failure is no claim of its own', () => {
  expect(translated('server-error').filter((event) => event.kind === 'said')).toEqual([]);
});

test('a change that did not happen is a notice with its reason', () => {
  const assistant = {
    type: 'assistant',
    uuid: 'u1',
    message: { content: [{ type: 'tool_use', id: 't1', name: 'Write', input: { file_path: 'src/sum.js' } }] },
  };
  const user = {
    type: 'user',
    message: {
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't1',
          is_error: true,
          content: '<tool_use_error>ENOSPC: no space left on device, write\nand more</tool_use_error>',
        },
      ],
    },
  };
  const begun = translate(claudeLineSchema.parse(assistant), new Map(), '/workspace');
  const ended = translate(claudeLineSchema.parse(user), begun.open, '/workspace');
  expect(linesOf(ended.events, 'notice')).toEqual([
    'Writing src/sum.js failed: ENOSPC: no space left on device, write',
  ]);
  expect(ended.open.size).toBe(0);
});
