import { afterEach, expect, test } from 'vitest';
import type { Reply } from '../../src/rehearsal/messages.ts';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { answering, silent } from '../support/plays.ts';
import { run } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on?.close());

const patienceSeconds = 6;
const done: Reply = { kind: 'message', blocks: [say('Done.')] };

/** The first answers are these; every later one is good. */
function first(...replies: readonly Reply[]): Script {
  let asked = 0;
  return () => {
    asked += 1;
    return replies[asked - 1] ?? done;
  };
}

const error = (status: number, type: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: 'error',
  status,
  type,
  message: 'scripted',
  headers,
});

type Expected = {
  readonly status: string;
  readonly mostRequests: number;
  readonly reason?: string;
  readonly seen?: string;
};

/** Every fault of a model API, and what a person would expect of it. */
const faults: readonly (readonly [name: string, script: Script, expected: Expected])[] = [
  [
    '429 with a short retry-after',
    first(error(429, 'rate_limit_error', { 'retry-after': '1' })),
    { status: 'succeeded', mostRequests: 3, seen: '429' },
  ],
  [
    '529 for a moment',
    first(error(529, 'overloaded_error'), error(529, 'overloaded_error')),
    { status: 'succeeded', mostRequests: 4, seen: '529' },
  ],
  ['500 for a moment', first(error(500, 'api_error')), { status: 'succeeded', mostRequests: 3, seen: '500' }],
  ['500 for ever', answering(500, 'api_error'), { status: 'failed', mostRequests: 15, reason: '500', seen: 'try 2' }],
  ['a stream that is cut once', first({ kind: 'cut' }), { status: 'succeeded', mostRequests: 4 }],
  ['a stream that is cut every time', () => ({ kind: 'cut' }), { status: 'failed', mostRequests: 12 }],
  ['401', answering(401, 'authentication_error'), { status: 'failed', mostRequests: 2, reason: 'refused the key' }],
  ['403', answering(403, 'permission_error'), { status: 'failed', mostRequests: 2, reason: 'refused the key' }],
  [
    'a model that does not exist',
    answering(404, 'not_found_error'),
    { status: 'failed', mostRequests: 4, reason: '404' },
  ],
];

test.each(faults)('%s', async (_name, script, { status, mostRequests, reason, seen }) => {
  on = await embedded.stage(script);
  configure(on.person, `[model_api]\npatience = ${patienceSeconds}\n`);
  const { exitCode, events } = await run(on.person, ['Write a note', '-w', on.person.workspace, '--json']);
  expect(events.at(-1)).toMatchObject({
    outcome: { status, ...(reason === undefined ? {} : { reason: expect.stringContaining(reason) }) },
  });
  expect(exitCode).toBe(status === 'succeeded' ? 0 : 1);
  expect(on.requests.length).toBeLessThanOrEqual(mostRequests);
  if (seen !== undefined) {
    const told = events.flatMap((event) => (event.type === 'progress' && event.by === 'engine' ? [event.text] : []));
    expect(told.join('\n')).toContain(seen);
  }
});

test('an answer that ends at max_tokens is gone on with, and a refusal of the model ends in bounded time', async () => {
  on = await embedded.stage(first({ ...done, stopReason: 'max_tokens' }));
  expect((await run(on.person, ['Write a note', '-w', on.person.workspace, '--json'])).exitCode).toBe(0);
  await on.close();
  on = await embedded.stage(() => ({ kind: 'message', blocks: [say('I will not.')], stopReason: 'refusal' }));
  const { exitCode, events } = await run(on.person, ['Write a note', '-w', on.person.workspace, '--json']);
  expect(exitCode).toBe(1);
  expect(events.at(-1)).toMatchObject({ outcome: { status: 'failed', verified: false } });
  expect(on.requests.length).toBeLessThanOrEqual(12);
});

test('a model that only repeats itself is ended, with what it repeats', async () => {
  on = await embedded.stage(() => ({ kind: 'message', blocks: [bash('echo same', 'Look again')] }));
  const { exitCode, events } = await run(on.person, ['Write a note', '-w', on.person.workspace, '--json']);
  expect(exitCode).toBe(1);
  expect(events.at(-1)).toMatchObject({ outcome: { reason: expect.stringContaining('echo same: 8 times') } });
});

test('a hang is ended by the time of the round', async () => {
  on = await embedded.stage(silent);
  const { exitCode } = await run(on.person, ['Write a note', '-w', on.person.workspace, '-t', '3', '--json']);
  expect(exitCode).toBe(124);
});

test('a usage limit with a reset time pauses the work until then and goes on by itself', async () => {
  const reset = new Date(Date.now() + 25_000).toISOString();
  on = await embedded.stage(
    first(
      error(429, 'rate_limit_error', {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': reset,
      }),
    ),
  );
  configure(on.person, '[model_api]\npatience = 2\n');
  const { exitCode, events } = await run(on.person, ['Write a note', '-w', on.person.workspace, '--json']);
  expect(exitCode).toBe(0);
  expect(events).toContainEqual(expect.objectContaining({ type: 'task.waiting', until: expect.any(String) }));
  expect(events.filter(({ type }) => type === 'prompt.spent')).toHaveLength(1);
});
