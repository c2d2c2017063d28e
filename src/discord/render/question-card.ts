import type { APIEmbed, APIEmbedField } from 'discord-api-types/v10';
import type { Question, QuestionKind } from '../../domain/question.ts';
import type { QuestionContext } from '../follow/question-context.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { limits } from './limits.ts';
import { labelOf, mostButtons, rowsOf } from './question-card-buttons.ts';
import { fenced, fitted, plain, plainLine } from './text.ts';
import { reactionsText, toolRequestText } from './tool-request-card.ts';

/** Each kind of question as lists and cards head it. */
export const titles: Readonly<Record<QuestionKind, string>> = {
  grant: '💰 A limit is reached',
  allocation: '💰 An agent has no prompts left',
  permission: '🔐 Permission wanted',
  plan: '📋 Is the plan right?',
  question: '❓ A question',
  'tool-request': '🛠️ Tool Request Analysis',
  adoption: '🛠️ Adopt this tool?',
  retirement: '🗄️ Retire this tool?',
};

/** In the side line of the embed. */
const colours = { open: 0xf1c40f, closed: 0x95a5a6 } as const;
const file = 'question.md';
const seeFile = `\n\n📎 This is cut: all of it stands in ${file}. Read it before you answer.`;
const mostOfTask = 200;
const mostOfAnswer = 400;
/** A field takes more, but the whole embed takes 6,000. */
const mostOfChoices = 800;

/** How a question was answered: here by somebody, or elsewhere. */
export type Answered = { readonly elsewhere: boolean; readonly by?: string; readonly answer: string };

/** A question that waits, with a button for each answer. What does not fit goes with it as a file, whole. */
export function questionMessage(question: Question, context: QuestionContext): Outgoing {
  const { description, isCut } = descriptionOf(question, context);
  const embed: APIEmbed = {
    ...embedOf(question, description),
    color: colours.open,
    fields: [...fieldsOf(question, context), ...answersField(question)],
  };
  return {
    embeds: [embed],
    components: rowsOf(question),
    ...(isCut ? { files: [{ name: file, content: new TextEncoder().encode(question.text) }] } : {}),
  };
}

/** The same question once it is answered: grey, and nothing in it can be pressed. */
export function answeredMessage(question: Question, how: Answered, context: QuestionContext = {}): Outgoing {
  const description = closedDescriptionOf(question, context);
  const said: APIEmbedField = { name: 'Answer', value: saidOf(how) };
  return {
    embeds: [
      { ...embedOf(question, description), color: colours.closed, fields: [...fieldsOf(question, context), said] },
    ],
    components: [],
  };
}

/** What becomes of the messages that asked for the answer once more: nothing in them is open any longer. */
export function answeredNote(how: Answered): Outgoing {
  return { content: saidOf(how), components: [] };
}

function saidOf({ by, elsewhere, answer }: Answered): string {
  const who = by === undefined || elsewhere ? 'elsewhere' : `by <@${by}>`;
  const words = plainLine(answer, mostOfAnswer);
  return `✅ Answered ${who}${words === '' ? '.' : `: ${words}`}`;
}

/** One line on questions that nobody has answered for long; Discord counts the time itself. */
export function reminderMessage(questions: readonly Question[]): Outgoing {
  const [first, ...rest] = questions.toSorted((one, other) => one.askedAt.getTime() - other.askedAt.getTime());
  if (!first) return { content: '✅ Nothing waits for you.' };
  const more = rest.length === 0 ? '' : ` And ${rest.length} more.`;
  return {
    content: `⏰ Still waiting for an answer: ${titles[first.kind]}, ${code(first.id)}, asked ${relative(first.askedAt)}.${more} All of them: /pending`,
  };
}

function embedOf({ id, kind, taskId }: Question, description: string): APIEmbed {
  return { title: titles[kind], description, footer: { text: `question ${id} · task ${taskId}` } };
}

type Description = { readonly description: string; readonly isCut: boolean };

function descriptionOf(question: Question, context: QuestionContext): Description {
  if (question.kind !== 'tool-request') return within(bodyOf(question, context), { tail: '', note: seeFile });
  return within(bodyOf(question, context), { tail: `\n\n${reactionsText()}`, note: seeFile });
}

/** Once it is answered, nobody has to read what was cut, and there is nothing to react with. */
function closedDescriptionOf(question: Question, context: QuestionContext): string {
  return within(bodyOf(question, context), { tail: '', note: '' }).description;
}

type Body = {
  readonly cutTo: (limit: number) => string;
  /** Something of it is left out whatever the limit. */
  readonly isCut: boolean;
};

function within({ cutTo, isCut }: Body, { tail, note }: { readonly tail: string; readonly note: string }): Description {
  const whole = `${cutTo(Number.MAX_SAFE_INTEGER)}${tail}`.trim();
  if (!isCut && whole.length <= limits.description) return { description: whole || '(no text)', isCut };
  const end = `${note}${tail}`;
  return { description: `${cutTo(limits.description - end.length)}${end}`, isCut: true };
}

/** What is to be allowed, and code that is to be adopted, stands there letter by letter; everything else as plain words. */
function bodyOf({ kind, text }: Question, { request, card }: QuestionContext): Body {
  if (kind === 'permission') return { cutTo: (limit) => fenced(text.trim(), limit), isCut: false };
  const [first = '', ...rest] = text.trim().split('\n');
  if (kind === 'adoption' && rest.length > 0) {
    const head = plainLine(first, mostOfAnswer);
    return { cutTo: (limit) => `${head}\n${fenced(rest.join('\n'), limit - head.length - 1)}`, isCut: false };
  }
  const told = kind === 'tool-request' && request && card ? toolRequestText(request, card) : undefined;
  const words = told?.text ?? plain(text.trim());
  return { cutTo: (limit) => fitted(words, limit), isCut: told?.isCut ?? false };
}

function fieldsOf({ taskId, askedAt }: Question, { taskText, permission }: QuestionContext): APIEmbedField[] {
  const text = plainLine(taskText ?? '', mostOfTask);
  return [
    ...(permission?.kind === 'host' ? [{ name: 'Host', value: plainLine(permission.host, mostOfTask) || '-' }] : []),
    { name: 'Task', value: `${code(taskId)} ${text}`.trim(), inline: true },
    { name: 'Asked', value: relative(askedAt), inline: true },
  ];
}

/** What each choice does, where its name alone does not say it. */
function answersField({ id, kind, choices = [] }: Question): APIEmbedField[] {
  if (kind === 'tool-request' || kind === 'grant' || choices.length === 0) return [];
  const lines = choices.map((choice, index) => {
    const meaning = plainLine(choice.meaning, mostOfTask);
    return `**${plain(labelOf(choice, index))}**${meaning === '' ? '' : `: ${meaning}`}`;
  });
  const more = choices.length > mostButtons ? [{ name: 'More answers', value: `/answer question:${id}` }] : [];
  return [{ name: 'Answers', value: fitted(lines.join('\n'), mostOfChoices) }, ...more];
}

/** Discord shows it as `5 minutes ago`, and keeps it true. */
function relative(moment: Date): string {
  return `<t:${Math.floor(moment.getTime() / 1000)}:R>`;
}

function code(id: string): string {
  return `\`${id}\``;
}
