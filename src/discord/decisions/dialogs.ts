import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import type { Question } from '../../domain/question.ts';
import type { DecisionKind } from '../../domain/typed-decision.ts';
import { usualDecision } from '../../domain/typed-decision.ts';
import { customIdOf } from './custom-id.ts';
import type { FieldName } from './fields.ts';
import type { Intention } from './intention.ts';

export type Dialog = APIModalInteractionResponseCallbackData;

/** What Discord takes. */
const longest = { title: 45, label: 45, description: 100, placeholder: 100, value: 2_000 } as const;

/** What is known beforehand, for good answers. */
export type DialogDefaults = {
  /** As the project manager estimated the effort of a tool. */
  readonly prompts?: number;
};

/**
 * The dialog that asks for what an intention lacks; undefined when it lacks nothing. Its custom id is the intention, so that
 * what comes back can be carried out.
 */
export function dialogFor(intention: Intention, question: Question, defaults: DialogDefaults = {}): Dialog | undefined {
  switch (intention.kind) {
    case 'decide':
      return dialog(intention, decisionTitles[intention.decision], decisionFields(intention.decision, defaults));
    case 'say':
      return dialog(intention, 'Your answer', [words('text', 'Your words', true, question.text)]);
    case 'answer': {
      const choice = question.choices?.[intention.choice];
      if (!choice?.needsText) return undefined;
      return dialog(intention, choice.name, [words('text', 'Your words', true, choice.meaning)]);
    }
    case 'grant':
      return intention.amount === 'custom' ? dialog(intention, 'Give more', [amountField(question)]) : undefined;
    case 'move':
      return dialog(intention, `Prompts of ${intention.from}`, [line('amount', 'How many prompts', { value: '10' })]);
    case 'refuse-grant':
    case 'stop':
      return undefined;
  }
}

const decisionTitles: Readonly<Record<DecisionKind, string>> = {
  approve: 'Build this tool',
  alternative: 'Use something else',
  defer: 'Ask again later',
  reject: 'Do not build it',
};

function decisionFields(decision: DecisionKind, { prompts }: DialogDefaults): APILabelComponent[] {
  switch (decision) {
    case 'approve':
      return [
        line('agents', 'Who builds it', {
          value: usualDecision.agents,
          about: 'Agents with commas: dev, pm, qa, dm, innovator, coach. The developer is always one of them.',
        }),
        line('prompts', 'How many prompts they may use', {
          value: prompts === undefined ? usualDecision.maxPrompts : String(prompts),
        }),
        line('deadline', 'Until when', { isRequired: false, example: 'no deadline, or 2d, 1w, 2026-12-24' }),
        line('adopt', 'Adopt it when its checks are green', {
          value: 'no',
          about: 'no: you are asked once more before it is used. yes: it is used at once.',
        }),
      ];
    case 'alternative':
      return [line('which', 'What is used instead', { example: 'csv-to-json' }), words('reason', 'Why', true)];
    case 'defer':
      return [
        line('until', 'Until when', { value: '3d', about: 'It is asked again then. 12h, 2d, 1w or 2026-12-24' }),
        words('reason', 'Why', true),
      ];
    case 'reject':
      return [words('reason', 'Why', true), words('workaround', 'What is done instead', false)];
  }
}

function amountField({ shortage }: Question): APILabelComponent {
  switch (shortage?.measure) {
    case 'usd':
      return line('amount', 'How many US dollars more', { value: '2', example: '2.50' });
    case 'tokens':
      return line('amount', 'How many tokens more', { value: '1000000' });
    case 'prompts':
    case undefined:
      return line('amount', 'How many prompts more', { value: '10' });
  }
}

function dialog(intention: Intention, title: string, components: APILabelComponent[]): Dialog {
  return { custom_id: customIdOf(intention), title: cut(title, longest.title), components };
}

type LineOptions = {
  readonly isRequired?: boolean;
  readonly value?: string;
  readonly example?: string;
  readonly about?: string;
};

function line(name: FieldName, label: string, options: LineOptions): APILabelComponent {
  const { isRequired = true, value, example, about } = options;
  return {
    type: ComponentType.Label,
    label: cut(label, longest.label),
    ...(about === undefined ? {} : { description: cut(about, longest.description) }),
    component: {
      type: ComponentType.TextInput,
      custom_id: name,
      style: TextInputStyle.Short,
      required: isRequired,
      max_length: 200,
      ...(value === undefined ? {} : { value }),
      ...(example === undefined ? {} : { placeholder: cut(example, longest.placeholder) }),
    },
  };
}

function words(name: FieldName, label: string, isRequired: boolean, about = ''): APILabelComponent {
  const placeholder = cut(about.replaceAll(/\s+/g, ' ').trim(), longest.placeholder);
  return {
    type: ComponentType.Label,
    label: cut(label, longest.label),
    component: {
      type: ComponentType.TextInput,
      custom_id: name,
      style: TextInputStyle.Paragraph,
      required: isRequired,
      max_length: longest.value,
      ...(placeholder === '' ? {} : { placeholder }),
    },
  };
}

/** Never in the middle of a sign. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const sign of text) {
    if (kept.length + sign.length > most - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}
