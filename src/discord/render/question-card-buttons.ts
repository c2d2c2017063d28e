import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import type { Measure } from '../../domain/budget.ts';
import type { Choice, Question } from '../../domain/question.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { customIdOf } from '../decisions/custom-id.ts';
import { decisionSigns, type Intention } from '../decisions/intention.ts';
import { limits } from './limits.ts';
import { fitted } from './text.ts';

type Style = APIButtonComponentWithCustomId['style'];
type Row = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** What is offered to give, so that one press is enough. */
const offered: Readonly<Record<Measure, readonly (readonly [amount: number, label: string])[]>> = {
  prompts: [
    [10, '+10 prompts'],
    [25, '+25 prompts'],
  ],
  tokens: [
    [1_000_000, '+1M tokens'],
    [5_000_000, '+5M tokens'],
  ],
  usd: [
    [1, '+$1'],
    [5, '+$5'],
  ],
};

/** What each decision about a tool is called; the words of the specification. */
export const decisionLabels = {
  approve: 'Approve development',
  alternative: 'Use alternative',
  defer: 'Defer for later',
  reject: 'Reject request',
} as const;

const decisionStyles = {
  approve: ButtonStyle.Success,
  alternative: ButtonStyle.Secondary,
  defer: ButtonStyle.Secondary,
  reject: ButtonStyle.Danger,
} as const;

const goesOn = new Set(['allow', 'approve', 'adopt', 'confirm', 'accept', 'yes']);
const ends = new Set(['refuse', 'reject', 'cancel', 'close', 'stop', 'discard', 'retire', 'deny', 'no']);

/** A choice that has a button; of more, the rest is answered with `/answer`. */
export const mostButtons = limits.rows * limits.buttons;

/** Every answer as a button, in rows. */
export function rowsOf(question: Question): Row[] {
  const buttons = buttonsOf(question).slice(0, mostButtons);
  const count = Math.ceil(buttons.length / limits.buttons);
  return Array.from({ length: count }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(row * limits.buttons, (row + 1) * limits.buttons),
  }));
}

function buttonsOf(question: Question): APIButtonComponentWithCustomId[] {
  const { id: questionId, kind, shortage, choices = [], suggestions = [] } = question;
  switch (kind) {
    case 'grant':
      return [
        ...grants(questionId, shortage?.measure ?? 'prompts'),
        button({ kind: 'refuse-grant', questionId }, 'Refuse', ButtonStyle.Danger),
      ];
    case 'allocation': {
      const others = choiceButtons(questionId, choices, ({ name }) => name !== 'grant');
      const refuse = button({ kind: 'refuse-grant', questionId }, 'Refuse', ButtonStyle.Danger);
      return [...grants(questionId, 'prompts'), ...(others.length === 0 ? [refuse] : others)];
    }
    case 'tool-request':
      return decisionKinds.map((decision) => ({
        ...button({ kind: 'decide', questionId, decision }, decisionLabels[decision], decisionStyles[decision]),
        emoji: { name: decisionSigns[decision] },
      }));
    case 'permission':
    case 'plan':
    case 'question':
    case 'adoption':
    case 'retirement':
      return choices.length === 0
        ? wordsButtons(questionId, suggestions)
        : choiceButtons(questionId, choices, () => true);
  }
}

/** Words that are at hand, and any others. */
function wordsButtons(questionId: string, suggestions: readonly string[]): APIButtonComponentWithCustomId[] {
  const atHand = suggestions.slice(0, mostButtons - 1);
  const label = atHand.length === 0 ? 'Answer' : 'In your own words';
  return [
    ...atHand.map((name, choice) =>
      button({ kind: 'answer', questionId, choice }, labelOf({ name }, choice), ButtonStyle.Primary),
    ),
    button({ kind: 'say', questionId }, label, atHand.length === 0 ? ButtonStyle.Primary : ButtonStyle.Secondary),
  ];
}

function grants(questionId: string, measure: Measure): APIButtonComponentWithCustomId[] {
  return [
    ...offered[measure].map(([amount, label]) =>
      button({ kind: 'grant', questionId, amount }, label, ButtonStyle.Success),
    ),
    button({ kind: 'grant', questionId, amount: 'custom' }, 'Other amount', ButtonStyle.Secondary),
  ];
}

/** The position of a choice is the one among all choices. */
function choiceButtons(
  questionId: string,
  choices: readonly Choice[],
  isShown: (choice: Choice) => boolean,
): APIButtonComponentWithCustomId[] {
  return choices.flatMap((choice, index) =>
    isShown(choice)
      ? [button({ kind: 'answer', questionId, choice: index }, labelOf(choice, index), styleOf(choice))]
      : [],
  );
}

function button(intention: Intention, label: string, style: Style): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style, label, custom_id: customIdOf(intention) };
}

/** A label shows every sign as it is; only what nobody sees is taken out. */
export function labelOf({ name }: Pick<Choice, 'name'>, index: number): string {
  const words = name.replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return words === ''
    ? `Answer ${index + 1}`
    : fitted(`${words.charAt(0).toUpperCase()}${words.slice(1)}`, limits.label);
}

function styleOf({ name }: Choice): Style {
  const lower = name.toLowerCase();
  if (ends.has(lower)) return ButtonStyle.Danger;
  return goesOn.has(lower) ? ButtonStyle.Success : ButtonStyle.Secondary;
}
