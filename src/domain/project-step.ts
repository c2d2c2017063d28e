import type { AgentRole } from './agent.ts';
import type { AskingPosition, Coordinating, Position } from './project.ts';

export type ProjectStep =
  /** Spends the prompt of the question that is asked next. */
  | { readonly kind: 'pay'; readonly agent: AgentRole }
  | { readonly kind: 'ask'; readonly at: AskingPosition }
  /** Asks a person: to confirm the plan, what to do about a phase, or whether to try again. */
  | { readonly kind: 'ask-human'; readonly about: 'plan' | 'phase' | 'trouble' }
  /** Makes the developer's task. */
  | { readonly kind: 'assign'; readonly at: Position & { readonly kind: 'assign' } }
  /** Sees the developer's task to its end. */
  | { readonly kind: 'develop'; readonly at: Position & { readonly kind: 'develop' } };

/** The one place that decides what happens to a project next. */
export function nextProjectStep({ at, isPaid, blocked }: Coordinating): ProjectStep {
  if (blocked !== undefined) return { kind: 'ask-human', about: 'trouble' };
  switch (at.kind) {
    case 'assign':
      return { kind: 'assign', at };
    case 'develop':
      return { kind: 'develop', at };
    case 'approve':
      return { kind: 'ask-human', about: 'plan' };
    case 'escalate':
      return { kind: 'ask-human', about: 'phase' };
    // Whoever is asked in a conversation pays for what it says there.
    case 'challenge':
    case 'settle':
      return { kind: 'ask', at };
    case 'revise':
    case 'review':
    case 'evaluate':
    case 'close':
      return isPaid ? { kind: 'ask', at } : { kind: 'pay', agent: askedAgent(at) };
  }
}

/** The agent whose work it is at a position, beside the project manager who coordinates; none where a person is asked. */
export function agentAt(at: Position): AgentRole | undefined {
  switch (at.kind) {
    case 'assign':
    case 'develop':
      return 'developer';
    case 'approve':
    case 'escalate':
      return undefined;
    case 'challenge':
    case 'settle':
    case 'revise':
    case 'review':
    case 'evaluate':
    case 'close':
      return askedAgent(at);
  }
}

function askedAgent({ kind }: AskingPosition): AgentRole {
  switch (kind) {
    case 'challenge':
      return 'creative-innovator';
    case 'settle':
      return 'decision-maker';
    case 'review':
      return 'quality-assurance';
    case 'revise':
    case 'evaluate':
    case 'close':
      return 'project-manager';
  }
}
