import type { Memory } from './conversation.ts';
import { isCourtesy } from './courtesy.ts';
import type { Message } from './message.ts';
import { cutToLength, cutToTokens, tokensOf } from './tokens.ts';

/** What an agent is told of a conversation. */
export type Remembered<Kind extends Said = Message> = {
  readonly summary: string;
  /** The newest messages, oldest first; one that alone is too long is cut. */
  readonly verbatim: readonly Kind[];
  /**
   * Older messages that are in no summary and do not fit: a new summary is due when there are any, and only with it the
   * agent is told everything. Oldest first; the last one's number is how far the new summary reaches.
   */
  readonly toSummarise: readonly Kind[];
};

type Said = Pick<Message, 'number' | 'author' | 'text'>;

/** Author, number and what stands around a message. */
const tokensAround = 10;
const summaryShare = 1 / 3;

/** How long a summary may be when an agent is told so much in all. */
export function summaryTokens(maxTokens: number): number {
  return Math.floor(maxTokens * summaryShare);
}

/**
 * Within `maxTokens`, the summary and messages after it. When they do not fit any more, only half of the room stays filled
 * with messages, so that a summary is due for many messages at once and not for each.
 *
 * @param messages of one conversation, oldest first; those that the summary holds may be among them
 */
export function memoryFor<Kind extends Said>(
  memory: Memory,
  messages: readonly Kind[],
  maxTokens: number,
): Remembered<Kind> {
  const summary = cutToTokens(memory.summary, summaryTokens(maxTokens));
  const after = messages.filter(({ number }) => number > memory.upTo);
  const room = maxTokens - summaryTokens(maxTokens);
  const fit = newestWithin(after, room);
  const kept = fit === after.length ? fit : Math.max(1, newestWithin(after, room / 2));
  const split = after.length - Math.min(kept, after.length);
  return {
    summary,
    verbatim: after.slice(split).map((message) => shortened(message, room)),
    toSummarise: after.slice(0, split),
  };
}

/** How many of the newest messages have room. */
function newestWithin(messages: readonly Said[], room: number): number {
  let left = room;
  let count = 0;
  for (const message of messages.toReversed()) {
    left -= tokensOf(message.text) + tokensAround;
    if (left < 0) break;
    count += 1;
  }
  // A single message always has room, because it is cut.
  return count === 0 && messages.length === 1 ? 1 : count;
}

function shortened<Kind extends Said>(message: Kind, room: number): Kind {
  const text = cutToTokens(message.text, room - tokensAround);
  return text === message.text ? message : { ...message, text };
}

/** A sentence that somebody said. Number 0: it stands in a summary that a model made. */
type Sentence = { readonly number: number; readonly author: string; readonly text: string; readonly place: number };

const longestSentence = 240;
/** Of the room of a summary, for what was said first: it is mostly what the conversation is about. */
const firstShare = 0.5;

/**
 * A summary without a model: the sentences with facts (numbers, names, decisions, questions), word for word, one in a line.
 * When not all have room, what was said first stays, then what was decided, then what is full of facts, the newer before the
 * older. Made again and again with its own result as `previous` it keeps what it would keep of everything at once.
 */
export function extractiveSummary(previous: string, messages: readonly Said[], maxTokens: number): string {
  const sentences = withoutRepeats([...sentencesOfSummary(previous), ...messages.flatMap(sentencesOf)])
    .map((sentence, place) => ({ ...sentence, place, worth: worthOf(sentence) }))
    .filter(({ worth, number }) => worth > 0 || number === 1)
    .toSorted((one, other) => other.worth - one.worth || other.number - one.number || one.place - other.place);
  const isFirst = ({ number }: Sentence) => number <= 1;
  const first = withinTokens(sentences.filter(isFirst), maxTokens * firstShare);
  const rest = sentences.filter((sentence) => !first.includes(sentence));
  const others = withinTokens(rest, maxTokens - tokensOf(first.map((sentence) => `${lineOf(sentence)}\n`).join('')));
  return [...first, ...others]
    .toSorted((one, other) => one.number - other.number || one.place - other.place)
    .map(lineOf)
    .join('\n');
}

function withinTokens<Kind extends Sentence>(sentences: readonly Kind[], tokens: number): Kind[] {
  let left = tokens;
  return sentences.filter((sentence) => {
    const needed = tokensOf(`${lineOf(sentence)}\n`);
    if (needed > left) return false;
    left -= needed;
    return true;
  });
}

function sentencesOfSummary(summary: string): Sentence[] {
  return summary.split('\n').flatMap((line) => {
    const [, number, author = '', text = ''] = /^#(\d+) ([a-z-]+): (.*)$/.exec(line) ?? [];
    if (number !== undefined) return [{ number: Number(number), author, text, place: 0 }];
    return splitSentences(line).map((text) => ({ number: 0, author: '', text, place: 0 }));
  });
}

function sentencesOf({ number, author, text }: Said): Sentence[] {
  return splitSentences(text)
    .filter((sentence) => !isCourtesy(sentence))
    .map((sentence) => ({ number, author, text: sentence, place: 0 }));
}

function splitSentences(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?]["')\]]?)\s+(?=\S)/)
    .map((sentence) => cutToLength(sentence.replaceAll(/\s+/g, ' ').trim(), longestSentence))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function withoutRepeats(sentences: readonly Sentence[]): Sentence[] {
  const seen = new Map<string, Sentence>();
  for (const sentence of sentences) {
    const words = sentence.text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    if (!seen.has(words)) seen.set(words, sentence);
  }
  return [...seen.values()];
}

function lineOf({ number, author, text }: Sentence): string {
  return number === 0 ? text : `#${number} ${author}: ${text}`;
}

const decision =
  /\b(decid\w+|decision|agreed (?:to|on|that)|we (?:will|use|take|chose)|chosen|chose|must(?: not)?|never|always|only|instead of|deadline|requirement|approved|rejected|final)\b/i;
const quantity = /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b/i;
/** A name in the middle of a sentence, in code or in quotation marks, a path, a word in capitals or with capitals inside. */
const name =
  /(?<=[\p{Ll},;:)] )\p{Lu}\p{L}+|`[^`]+`|"[^"]+"|“[^”]+”|\S*\w[/.]\w\S*|\b\p{Lu}{2,}\b|\b\p{Ll}+\p{Lu}\w*|\w_\w/u;

function worthOf({ number, author, text }: Sentence): number {
  const facts =
    (decision.test(text) ? 4 : 0) +
    (quantity.test(text) ? 3 : 0) +
    (name.test(text) ? 2 : 0) +
    (text.includes('?') ? 2 : 0);
  // Who made a summary chose already; people say little, and mean it.
  if (number === 0) return facts + 4;
  return facts === 0 ? 0 : facts + (author === 'human' ? 3 : 0);
}
