import type { AnswerShape } from './llm.ts';

/** The answer in a model's words, or what is wrong with it. Does not throw unless `shape` does. */
export function readAnswer<Answer>(text: string, shape: AnswerShape<Answer>): ReturnType<AnswerShape<Answer>['read']> {
  const found = lastObject(text);
  if (!found) return { problems: ['the answer holds no whole JSON object'] };
  return shape.read(found.value);
}

/** How often, at most, a text is gone through in all: hostile words must not cost more than honest ones. */
const mostPasses = 8;

/**
 * The last whole JSON object of a text: bare, in a fence, or with words around it. A part of an object that was begun and
 * never closed is none. The work is bounded by the length of the text.
 */
export function lastObject(text: string): { readonly value: unknown } | undefined {
  let last: { readonly value: unknown } | undefined;
  let budget = text.length * mostPasses;
  let start = text.indexOf('{');
  while (start !== -1 && budget > 0) {
    const end = endOfObject(text, start);
    budget -= end.at - start;
    const value = end.kind === 'whole' ? parsed(text.slice(start, end.at)) : undefined;
    if (value) last = value;
    if (end.kind === 'unfinished') return last;
    start = text.indexOf('{', value ? end.at : start + 1);
  }
  return last;
}

type End = { readonly kind: 'whole' | 'broken' | 'unfinished'; readonly at: number };

/** What may come next in JSON. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** Goes along the grammar of JSON from an opening brace; whether literals are right is left to the parser. */
function endOfObject(text: string, start: number): End {
  const open: ('{' | '[')[] = ['{'];
  let expected: Expected = 'key-or-end';
  let at = start + 1;
  while (at < text.length) {
    const next = text.charAt(at);
    if (isSpace(next)) {
      at += 1;
    } else if (next === '}' || next === ']') {
      if (open.pop() !== (next === '}' ? '{' : '[') || !expected.endsWith('-or-end')) return { kind: 'broken', at };
      at += 1;
      if (open.length === 0) return { kind: 'whole', at };
      expected = 'comma-or-end';
    } else if (expected === 'comma-or-end' && next === ',') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else if (expected === 'colon' && next === ':') {
      expected = 'value';
      at += 1;
    } else if (next === '"' && expected !== 'colon' && expected !== 'comma-or-end') {
      const end = endOfString(text, at);
      if (end.kind !== 'whole') return end;
      expected = expected.startsWith('key') ? 'colon' : 'comma-or-end';
      at = end.at;
    } else if (!expected.startsWith('value')) {
      return { kind: 'broken', at };
    } else if (next === '{' || next === '[') {
      open.push(next);
      expected = next === '{' ? 'key-or-end' : 'value-or-end';
      at += 1;
    } else {
      const end = endOfLiteral(text, at);
      if (end === at) return { kind: 'broken', at };
      expected = 'comma-or-end';
      at = end;
    }
  }
  return { kind: 'unfinished', at };
}

function endOfString(text: string, start: number): End {
  for (let at = start + 1; at < text.length; at += 1) {
    const next = text.charAt(at);
    if (next === '"') return { kind: 'whole', at: at + 1 };
    if (next < ' ') return { kind: 'broken', at };
    if (next === '\\') at += 1;
  }
  return { kind: 'unfinished', at: text.length };
}

/** Behind a number, `true`, `false` or `null`. */
function endOfLiteral(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\w.+-]/.test(text.charAt(at))) at += 1;
  return at;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // Looked like JSON, and is none.
  }
}
