import { ComponentType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { allocation, grant, openWords, plan, toolRequest } from './__fixtures__/questions.ts';
import { customIdOf } from './custom-id.ts';
import { type Dialog, dialogFor } from './dialogs.ts';
import { fieldNames } from './fields.ts';
import type { Intention } from './intention.ts';

const long = { ...openWords, text: `Which\nport 😀${'😀'.repeat(100)}?` };
const longChoice = { ...plan, choices: [{ name: 'n'.repeat(80), meaning: '😀'.repeat(80), needsText: true }] };

const dialogs: [Intention, typeof plan][] = [
  ...decisionKinds.map((decision): [Intention, typeof plan] => [
    { kind: 'decide', questionId: 'tool0001', decision },
    toolRequest,
  ]),
  [{ kind: 'say', questionId: 'words001' }, long],
  [{ kind: 'answer', questionId: 'plan0001', choice: 0 }, longChoice],
  [{ kind: 'grant', questionId: 'grant001', amount: 'custom' }, grant],
  [{ kind: 'move', questionId: 'alloc001', from: 'creative-innovator' }, allocation],
];

function inputsOf({ components }: Dialog) {
  return components.flatMap((one) =>
    one.type === ComponentType.Label && one.component.type === ComponentType.TextInput
      ? [{ label: one.label, description: one.description ?? '', ...one.component }]
      : [],
  );
}

test.each(dialogs)(
  'the dialog for %j is one that Discord takes, and comes back as what it is for',
  (intention, question) => {
    const dialog = dialogFor(intention, question);
    if (!dialog) throw new Error('there is no dialog');
    expect(dialog.custom_id).toBe(customIdOf(intention));
    expect(dialog.title.length).toBeLessThanOrEqual(45);
    const inputs = inputsOf(dialog);
    expect(inputs.length).toBe(dialog.components.length);
    expect(inputs.length).toBeGreaterThanOrEqual(1);
    expect(inputs.length).toBeLessThanOrEqual(5);
    for (const { label, description, placeholder = '', value = '', custom_id: name } of inputs) {
      expect(label.length).toBeLessThanOrEqual(45);
      expect(description.length).toBeLessThanOrEqual(100);
      expect(placeholder.length).toBeLessThanOrEqual(100);
      expect(placeholder).not.toMatch(/\p{Cs}/u);
      expect(value.length).toBeLessThanOrEqual(200);
      expect(fieldNames).toContain(name);
    }
  },
);

test('an approval comes with good answers, of the card where there is one', () => {
  const approve: Intention = { kind: 'decide', questionId: 'tool0001', decision: 'approve' };
  const valuesOf = (dialog: Dialog | undefined) =>
    Object.fromEntries(dialog ? inputsOf(dialog).map((input) => [input.custom_id, input.value]) : []);
  expect(valuesOf(dialogFor(approve, toolRequest))).toEqual({ agents: 'dev,qa', prompts: '30', adopt: 'no' });
  expect(valuesOf(dialogFor(approve, toolRequest, { prompts: 8 }))).toMatchObject({ prompts: '8' });
});

test('what needs no words opens none', () => {
  expect(dialogFor({ kind: 'answer', questionId: 'plan0001', choice: 0 }, plan)).toBeUndefined();
  expect(dialogFor({ kind: 'grant', questionId: 'grant001', amount: 2 }, grant)).toBeUndefined();
  expect(dialogFor({ kind: 'stop', taskId: 'all' }, plan)).toBeUndefined();
});
