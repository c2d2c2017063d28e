import { type AgentRole, roleNamed } from './agent.ts';
import { momentFrom } from './later.ts';
import type { ToolDecision } from './tool-decision.ts';

/** What a person may decide about a request for a tool, by the names that they type. */
export const decisionKinds = ['approve', 'alternative', 'defer', 'reject'] as const satisfies ToolDecision['kind'][];

export type DecisionKind = (typeof decisionKinds)[number];

/** A decision as a person types it, at a terminal or in a dialog. */
export type TypedDecision = {
  /** Names, with commas. */
  readonly agents?: string;
  readonly maxPrompts?: string;
  /** As `momentFrom` reads it. */
  readonly deadline?: string;
  readonly adopt?: boolean;
  /** As `momentFrom` reads it. */
  readonly until?: string;
  readonly reason?: string;
  readonly use?: string;
  readonly workaround?: string;
};

/** What cannot be understood of it. */
export type UnclearDecision = { readonly kind: 'problem' } & (
  | { readonly field: 'use' | 'until' | 'reason'; readonly why: 'missing' }
  | { readonly field: 'until' | 'deadline'; readonly why: 'over' | 'unclear'; readonly value: string }
  | { readonly field: 'agents'; readonly why: 'unknown'; readonly value: string }
  | { readonly field: 'maxPrompts'; readonly why: 'unclear'; readonly value: string }
);

/** Good answers for whoever names none. */
export const usualDecision = { agents: 'dev,qa', maxPrompts: '30' } as const;

export const mostPromptsOfDecision = 10_000;

export function decisionFromTyped(kind: DecisionKind, typed: TypedDecision, now: Date): ToolDecision | UnclearDecision {
  switch (kind) {
    case 'approve':
      return approvalFrom(typed, now);
    case 'alternative': {
      const name = wordsOf(typed, 'use');
      if (typeof name !== 'string') return name;
      const reason = wordsOf(typed, 'reason');
      return typeof reason === 'string' ? { kind, name, reason } : reason;
    }
    case 'defer': {
      const words = wordsOf(typed, 'until');
      if (typeof words !== 'string') return words;
      const until = momentFrom(words, now);
      if (!(until instanceof Date)) return { kind: 'problem', field: 'until', why: until, value: words };
      const reason = wordsOf(typed, 'reason');
      return typeof reason === 'string' ? { kind, until: until.toISOString(), reason } : reason;
    }
    case 'reject': {
      const reason = wordsOf(typed, 'reason');
      const workaround = typed.workaround?.trim();
      return typeof reason === 'string' ? { kind, reason, ...(workaround ? { workaround } : {}) } : reason;
    }
  }
}

function approvalFrom(typed: TypedDecision, now: Date): ToolDecision | UnclearDecision {
  const agents: AgentRole[] = [];
  for (const name of (typed.agents ?? usualDecision.agents).split(',').map((one) => one.trim())) {
    if (name === '') continue;
    const role = roleNamed(name.replace(/^@/, ''));
    if (!role) return { kind: 'problem', field: 'agents', why: 'unknown', value: name };
    if (!agents.includes(role)) agents.push(role);
  }
  const prompts = typed.maxPrompts ?? usualDecision.maxPrompts;
  const maxPrompts = /^\+?\d+$/.test(prompts.trim()) ? Number(prompts) : 0;
  if (maxPrompts < 1 || maxPrompts > mostPromptsOfDecision) {
    return { kind: 'problem', field: 'maxPrompts', why: 'unclear', value: prompts };
  }
  const deadline = typed.deadline === undefined ? undefined : momentFrom(typed.deadline, now);
  if (typeof deadline === 'string') {
    return { kind: 'problem', field: 'deadline', why: deadline, value: typed.deadline ?? '' };
  }
  return {
    kind: 'approve',
    agents,
    maxPrompts,
    ...(deadline ? { deadline: deadline.toISOString() } : {}),
    adoptWhenGreen: typed.adopt === true,
  };
}

function wordsOf<Field extends 'use' | 'until' | 'reason'>(
  typed: TypedDecision,
  field: Field,
): string | (UnclearDecision & { readonly why: 'missing' }) {
  const words = typed[field]?.trim();
  return words ? words : { kind: 'problem', field, why: 'missing' };
}
