import { type AgentRole, agentRoles } from './agent.ts';
import { type Relevance, relevanceThreshold } from './message.ts';
import { asides, calls, relevanceProfiles } from './relevance-profiles.ts';

/** What is known of a message without a model. */
export type LocalJudgement = {
  /** 0 to 10, for every member. */
  readonly scores: Relevance;
  /** Members for whom the words do not say enough. Empty: no model is needed. */
  readonly uncertain: readonly AgentRole[];
};

const highest = 10;
const weights = { clear: 5, likely: 4, hint: 1.5 } as const;
/** When it is certainly for nobody, from here on it may be for somebody, whoever that is. */
const leastUncertain = 2;
/** When it is certainly for somebody, it may be for another one as well from here on. */
const leastBesideCertain = 6;
/** An aside has to say much more to be for anybody. */
const asideShare = 0.4;
/** Nobody answers a book by its words; its beginning says what it is about. */
const longestRead = 8000;

/** How relevant a message is for a role by its words alone, 0 to 10. It may name anybody: that is another question. */
export function localRelevance(text: string, role: AgentRole): number {
  return relevanceOf(readable(text), role);
}

/** What can be said without a model of a message for each member: certainly, certainly not, or perhaps. */
export function judgeLocally(text: string, members: readonly AgentRole[]): LocalJudgement {
  const read = readable(text);
  const all = agentRoles.map((role) => [role, relevanceOf(read, role)] as const);
  const isForSomebody = all.some(([, score]) => score >= relevanceThreshold);
  const isPerhapsForSomebody = all.some(([, score]) => score >= leastUncertain) || (isCall(read) && !isAside(read));
  const least = isForSomebody ? leastBesideCertain : isPerhapsForSomebody ? 0 : highest;
  const ofMembers = all.filter(([role]) => members.includes(role));
  return {
    scores: Object.fromEntries(ofMembers),
    uncertain: ofMembers.filter(([, score]) => score >= least && score < relevanceThreshold).map(([role]) => role),
  };
}

function relevanceOf(text: string, role: AgentRole): number {
  const { clear, likely, hint } = matchers().roles[role];
  const sum =
    found(clear, text) * weights.clear + found(likely, text) * weights.likely + found(hint, text) * weights.hint;
  const score = isAside(text) ? sum * asideShare : sum;
  return Math.min(highest, Math.round(score * 10) / 10);
}

function isCall(text: string): boolean {
  return matchers().calls.some((matcher) => matcher.test(text));
}

function isAside(text: string): boolean {
  return matchers().asides.some((matcher) => matcher.test(text));
}

function found(terms: readonly RegExp[], text: string): number {
  return terms.filter((matcher) => matcher.test(text)).length;
}

/** In lower case, in one line, without the names that it calls. */
function readable(text: string): string {
  const plain = text
    .slice(0, longestRead)
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/@[a-z-]+/g, ' ');
  return ` ${plain.replaceAll(/\s+/g, ' ').trim()} `;
}

/** A term begins where a word begins; `$` at its end is the end of a word. */
function matcherOf(term: string): RegExp {
  const isWhole = term.endsWith('$');
  const body = isWhole ? term.slice(0, -1) : term;
  const start = /^[a-z(]/.test(body) ? '(?<![\\p{L}\\p{N}])' : '';
  return new RegExp(`${start}(?:${body})${isWhole ? '(?![\\p{L}\\p{N}])' : ''}`, 'u');
}

type Matchers = {
  readonly calls: readonly RegExp[];
  readonly asides: readonly RegExp[];
  readonly roles: Readonly<Record<AgentRole, Record<keyof typeof weights, readonly RegExp[]>>>;
};

let made: Matchers | undefined;

/** Made with the first message, not at every start: that takes longer than anything else before `spiral serve` is ready. */
function matchers(): Matchers {
  made ??= { calls: calls.map(matcherOf), asides: asides.map(matcherOf), roles: matchersOfRoles() };
  return made;
}

function matchersOfRoles(): Matchers['roles'] {
  const ofRole = ({ clear, likely, hint }: (typeof relevanceProfiles)[AgentRole]) => ({
    clear: clear.map(matcherOf),
    likely: likely.map(matcherOf),
    hint: hint.map(matcherOf),
  });
  return Object.fromEntries(agentRoles.map((role) => [role, ofRole(relevanceProfiles[role])])) as Record<
    AgentRole,
    ReturnType<typeof ofRole>
  >;
}
