import { type AgentRole, roleNamed } from './agent.ts';

const fencedCode = /^ {0,3}(`{3,}|~{3,})[^\n]*(?:\n(?! {0,3}\1)[^\n]*)*(?:\n {0,3}\1[^\n]*)?/gm;
/** Bounded, so that a text full of lonely backticks is read in a moment. */
const inlineCode = /(`+)(?!`)[^`](?:[\s\S]{0,2000}?[^`])?\1(?!`)/g;
const address = /\b[a-z][a-z+.-]*:\/\/\S+/gi;

/** `@name`: not after a letter, as in an e-mail address, and not the beginning of something longer, as `@dev/tools`. */
const named = /(?<![\p{L}\p{N}@]|[\p{L}\p{N}]_)@([A-Za-z]+(?:-[A-Za-z]+)*)(?![-_/]?[\p{L}\p{N}]|\.[\p{Ll}\p{N}])/gu;

/** The members that a text names (`@qa`, `@quality-assurance`), in its order and each once. What stands in code names nobody. */
export function mentionsIn(text: string, members: readonly AgentRole[]): AgentRole[] {
  const names = [...withoutCode(text).replace(address, ' ').matchAll(named)].map(([, name = '']) => roleNamed(name));
  const roles = names.filter((role) => role !== undefined && members.includes(role));
  return [...new Set(roles)] as AgentRole[];
}

/** A text as it speaks to somebody: without blocks of code and without what stands in backticks. */
export function withoutCode(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(fencedCode, ' ').replace(inlineCode, ' ');
}
