import { afterEach, expect, test } from 'vitest';
import { ownTool, play, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { embedded } from '../support/installations.ts';
import { run } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

/** Asked where the words of a message do not say for whom it is. */
const forNobody = {
  scores: (['quality-assurance', 'decision-maker'] as const).map((agent) => ({ agent, relevance: 0 })),
};

const replies = (...texts: readonly string[]) => texts.map((text) => ({ text }));

test('whoever is named answers and may ask others, and the talk ends when nobody has anything to add', async () => {
  on = await embedded.stage(
    cast({
      'quality-assurance': replies('Mostly that nobody tests the restore. @dm, how often should we try it?'),
      'decision-maker': replies('Once a month, by script.'),
      'project-manager': [forNobody],
    }),
  );
  const words = 'What could go wrong with our backups? @qa';
  const { exitCode, stdout, events } = await run(on.person, ['talk', words, '--to', 'qa,dm', '--json']);
  expect(exitCode).toBe(0);
  const sent = events.flatMap((event) => (event.type === 'message.sent' ? [event] : []));
  expect(sent.map(({ author, answers }) => [author, answers])).toEqual([
    ['human', undefined],
    ['quality-assurance', 1],
    ['decision-maker', 2],
  ]);
  expect(sent[1]?.mentions).toEqual(['decision-maker']);
  expect(events.filter(({ type }) => type === 'prompt.spent')).toMatchObject([
    { agent: 'quality-assurance', used: 1 },
    { agent: 'decision-maker', used: 2 },
  ]);
  expect(stdout).not.toContain('undefined');

  const [conversation = ''] = sent.map(({ conversationId }) => conversationId);
  const listed = await run(on.person, ['messages']);
  expect(listed.stdout).toContain(`${conversation}  over`);
  const shown = await run(on.person, ['messages', 'show', conversation]);
  expect(shown.stdout).toContain('2. 🔍 QA (to 1)\n   Mostly that nobody tests the restore.');
  expect(shown.stdout).toContain('3. 🧭 Decision Maker (to 2)\n   Once a month, by script.');

  const joined = await run(on.person, ['talk', '--in', conversation, '@dm and who does it?']);
  expect(joined.exitCode).toBe(0);
  expect(joined.stdout).toContain('4. 🙋 You\n   @dm and who does it?');
  expect(joined.stdout).toContain('5. 🧭 Decision Maker (to 4)');
});

/** Two agents that always answer, and always call each other. */
const endless: Script = cast({
  'quality-assurance': ({ prompts }) => asJson({ text: `@dm, but what of case ${prompts.length} in the list?` }),
  'decision-maker': ({ prompts }) => asJson({ text: `@qa, then which check would settle case ${prompts.length}?` }),
});

test('agents that would talk for ever come to a limit, ask a person once, and go on only as far as that lets them', async () => {
  on = await embedded.stage(endless);
  const begun = await run(on.person, ['talk', '@qa which checks are missing?', '--to', 'qa,dm']);
  expect(begun.exitCode).toBe(3);
  expect(begun.stderr).toContain('✋ The conversation stops here');
  const [question = ''] = /spiral answer (\w+) continue/.exec(begun.stdout)?.slice(1) ?? [];
  expect((await run(on.person, ['pending'])).stdout.match(/spiral answer \w+ close/g)).toHaveLength(1);

  const wrong = await run(on.person, ['answer', question, 'continue', 'a few']);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('“continue” takes how many more messages');
  const gone = await run(on.person, ['answer', question, 'continue', '2']);
  expect(gone.exitCode).toBe(3);
  const again = /spiral answer (\w+) decide/.exec(gone.stdout)?.[1] ?? '';
  const ended = await run(on.person, ['answer', again, 'decide', 'We check the restore only.']);
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toContain('We check the restore only.');
  const { events } = await run(on.person, ['events', '--json']);
  const sent = events.flatMap((event) => (event.type === 'message.sent' ? [event.author] : []));
  expect(sent.filter((author) => author !== 'human')).toHaveLength(6 + 2);
  expect(sent.at(-1)).toBe('human');
});

test('what nobody has to do with is answered by nobody, and a wrong name is one clear line', async () => {
  on = await embedded.stage(cast({}));
  const thanks = await run(on.person, ['talk', 'Thank you all, great work!']);
  expect(thanks.exitCode).toBe(0);
  expect(on.requests).toEqual([]);
  const nobody = await run(on.person, ['talk', 'Hello', '--to', 'nobody']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([2, expect.stringContaining('There is no agent “nobody”.')]);
  const topic = await run(on.person, ['talk', 'Hello', '--topic', 'planing']);
  expect([topic.exitCode, topic.stderr]).toEqual([2, expect.stringContaining('Did you mean planning?')]);
  const conversation = await run(on.person, ['messages', 'show', 'zzzzzzzz']);
  expect([conversation.exitCode, conversation.stderr]).toEqual([2, expect.stringContaining('no conversation')]);
});

test('a developer asks a team-mate in the middle of its work, and has the answer in the same session', async () => {
  const asks = ownTool('ask_teammate', { agent: 'quality-assurance', question: 'What must a note never hold?' });
  on = await embedded.stage(
    cast({
      developer: play([[[asks], [write('note.txt', 'no passwords')], [say('Done.')]]]),
      'quality-assurance': replies('Passwords.'),
    }),
  );
  const { exitCode, events, stderr } = await run(on.person, ['Write a note', '-w', on.person.workspace]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('2. 🔍 QA (to 1)\n   Passwords.');
  const developer = on.requests.filter(({ body }) => JSON.stringify(body).includes('You are the developer'));
  expect(JSON.stringify(developer.at(-1)?.body)).toContain('Passwords.');
  expect(events).toEqual([]);
  const told = await run(on.person, ['events', '--json']);
  expect(told.events.filter(({ type }) => type === 'prompt.spent')).toMatchObject([
    { agent: 'developer', used: 1 },
    { agent: 'quality-assurance', used: 2 },
  ]);
});

test('the demo of a talk is limited, escalated, and leaves nothing that waits', async () => {
  on = await embedded.stage(cast({}));
  const demo = await run(on.person, ['demo', 'talk']);
  expect(demo.exitCode).toBe(0);
  expect(demo.stderr).toContain('✋ The conversation stops here: quality-assurance has used its messages');
  expect(demo.stdout).toContain('7. 🧭 Decision Maker (to 6)');
  expect(demo.stdout).toMatch(/spiral answer \w+ continue/);
  expect((await run(on.person, ['pending'])).stdout).toContain('Nothing waits for you.');
  expect(on.requests).toEqual([]);
});
