import type { AgentRole } from './agent.ts';
import type { HeldOutCases, ToolPlan, ToolResearch } from './answers/tooling.ts';
import { isGreen } from './gate-report.ts';
import type { ChosenAnswer } from './question.ts';
import type { ToolCard } from './tool-card.ts';
import type { ToolDecision } from './tool-decision.ts';
import type { ToolRequestOutcome } from './tool-request.ts';
import type { AttemptAtTool, ToolBuild, Tooling, ToolPosition } from './tool-work.ts';

/** What a person is asked about a tool. `trouble`: a question to a model could not be asked. */
export type ToolMatter = 'decision' | 'adoption' | 'attempts' | 'deadline' | 'trouble';

export type AskingToolPosition = ToolPosition & {
  readonly kind: 'assess' | 'plan' | 'research' | 'hold-out' | 'document';
};

export type ToolStep =
  /** Spends the prompt of the question that is asked next. */
  | { readonly kind: 'pay'; readonly agent: AgentRole }
  | { readonly kind: 'ask'; readonly at: AskingToolPosition; readonly agent: AgentRole }
  | { readonly kind: 'ask-human'; readonly about: ToolMatter }
  /** Makes the developer's task. */
  | { readonly kind: 'assign'; readonly because: AttemptAtTool }
  /** Sees it to its end. */
  | { readonly kind: 'develop'; readonly taskId: string }
  /** The gate looks at what was written. */
  | { readonly kind: 'prove' }
  | { readonly kind: 'publish' }
  /** Closes the request, whose outcome everybody is told, and ends the task. */
  | { readonly kind: 'close'; readonly outcome: ToolRequestOutcome };

/** The one place that decides what happens to a request for a tool next. */
export function nextToolStep({ build, at, isPaid, blocked }: Tooling): ToolStep {
  if (blocked !== undefined) return { kind: 'ask-human', about: 'trouble' };
  switch (at.kind) {
    case 'assess':
    case 'plan':
    case 'research':
    case 'hold-out':
    case 'document': {
      const agent = agentAtTool(at, build);
      return isPaid ? { kind: 'ask', at, agent } : { kind: 'pay', agent };
    }
    case 'decide':
      return { kind: 'ask-human', about: 'decision' };
    case 'adopt':
      return { kind: 'ask-human', about: 'adoption' };
    case 'stuck':
      return { kind: 'ask-human', about: at.why };
    case 'assign':
      return { kind: 'assign', because: at.because };
    case 'develop':
      return { kind: 'develop', taskId: at.taskId };
    case 'prove':
      return { kind: 'prove' };
    case 'publish':
      return { kind: 'publish' };
    case 'close':
      return { kind: 'close', outcome: at.outcome };
  }
}

/** Whose work it is at a position that asks an agent. */
function agentAtTool({ kind }: AskingToolPosition, { decision }: ToolBuild): AgentRole {
  const assigned = decision?.kind === 'approve' ? decision.agents : [];
  switch (kind) {
    case 'hold-out':
      return 'quality-assurance';
    case 'research':
      // Whoever writes the tool, or the cases for it, finds out by doing so.
      return assigned.find((role) => role !== 'developer' && role !== 'quality-assurance') ?? 'project-manager';
    case 'assess':
    case 'plan':
    case 'document':
      return 'project-manager';
  }
}

/** @param allowed how many attempts the developer may have */
export function beginToolWork(requestId: string, name: string, allowed: number): Tooling {
  return at({ requestId, name, attempts: [], allowed }, { kind: 'assess' });
}

/** A card whose assessment nobody gave is decided on all the same. */
export function afterAssessment(build: ToolBuild, card: ToolCard | undefined): Tooling {
  return at({ ...build, ...(card ? { card } : {}) }, { kind: 'decide' });
}

/** After a human decided; `until` when it comes back by itself. */
export function afterToolDecision(
  build: ToolBuild,
  decision: ToolDecision,
): { readonly next: Tooling; readonly until?: string } {
  const decided = { ...build, decision };
  switch (decision.kind) {
    case 'approve':
      return { next: at(decided, { kind: 'plan' }) };
    case 'alternative': {
      const { name, reason } = decision;
      return { next: closed(decided, { kind: 'alternative', name, reason }) };
    }
    case 'reject': {
      const { reason, workaround } = decision;
      return {
        next: closed(decided, { kind: 'rejected', reason, ...(workaround === undefined ? {} : { workaround }) }),
      };
    }
    case 'defer':
      return { next: at(build, { kind: 'decide' }), until: decision.until };
  }
}

export function afterToolPlan(build: ToolBuild, plan: ToolPlan): Tooling {
  return at({ ...build, plan }, { kind: 'research' });
}

export function afterResearch(build: ToolBuild, research: ToolResearch | undefined): Tooling {
  return at({ ...build, ...(research ? { research } : {}) }, { kind: 'hold-out' });
}

export function afterHoldingOut(build: ToolBuild, heldOut: HeldOutCases['cases']): Tooling {
  return at({ ...build, heldOut }, { kind: 'assign', because: { kind: 'first' } });
}

export function afterToolAssignment(build: ToolBuild, taskId: string): Tooling {
  return at({ ...build, attempts: [...build.attempts, taskId] }, { kind: 'develop', taskId });
}

/** However the developer's own tests went: the gate looks. A task that a person ended, or that has no budget, is theirs. */
export function afterToolDevelopment(
  build: ToolBuild,
  { status, reason }: { readonly status: string; readonly reason?: string },
): Tooling {
  if (status !== 'cancelled' && status !== 'out-of-budget') return at(build, { kind: 'prove' });
  const why = `the developer's task ended as ${status}${reason === undefined ? '' : `: ${reason}`}`;
  return at(build, { kind: 'stuck', why: 'attempts', reason: why });
}

/** After the gate: on with it, back to the developer, or to a person when there were enough attempts. */
export function afterProof(build: ToolBuild, proof: NonNullable<ToolBuild['proof']>): Tooling {
  const proved = { ...build, proof };
  if (isGreen(proof.report)) return at(proved, { kind: 'document' });
  const findings = proof.report.rows
    .filter(({ verdict }) => verdict === 'failed')
    .flatMap((row) => [`${row.check}: ${row.detail}`, ...row.findings.map((finding) => `- ${finding}`)])
    .join('\n');
  return again(proved, findings);
}

export function afterManual(build: ToolBuild, manual: string | undefined): Tooling {
  const documented = { ...build, ...(manual === undefined ? {} : { manual }) };
  return at(documented, isAdoptedBeforehand(documented) ? { kind: 'publish' } : { kind: 'adopt' });
}

/** Only a green gate, and only for what the decision knew of: more rights than before are a decision of their own. */
export function isAdoptedBeforehand({ decision, proof }: ToolBuild): boolean {
  return decision?.kind === 'approve' && decision.adoptWhenGreen && proof !== undefined && !proof.asksForMore;
}

/** A person answered one of the questions that offer choices. `stopped`: there will be no tool. */
export function afterToolChoice(
  { build, at: position, isPaid, blocked }: Tooling,
  { choice, text }: ChosenAnswer,
): Tooling {
  if (choice === 'stop')
    return closed(build, { kind: 'failed', reason: text?.trim() || 'a person stopped the work on it.' });
  if (blocked !== undefined && choice === 'retry') return { kind: 'tooling', build, at: position, isPaid };
  if (position.kind === 'adopt') {
    if (choice === 'adopt') return at(build, { kind: 'publish' });
    if (choice === 'discard') return closed(build, { kind: 'failed', reason: text ?? 'a person did not adopt it.' });
    if (choice === 'change' && text) {
      return at({ ...build, allowed: build.attempts.length + 1 }, repair(`A person says: ${text}`));
    }
  }
  if (position.kind === 'stuck' && choice === 'continue') {
    const more = { ...build, allowed: build.attempts.length + Math.max(1, build.allowed) };
    const { deadline: _, ...decision } = build.decision?.kind === 'approve' ? build.decision : { deadline: undefined };
    const free = build.decision?.kind === 'approve' ? { ...more, decision: decision as ToolDecision } : more;
    return at(free, build.attempts.length === 0 ? { kind: 'plan' } : repair(position.reason));
  }
  throw new Error(`"${choice}" was not offered here`);
}

/** When its deadline is over a person says how it goes on. */
export function afterDeadline(build: ToolBuild): Tooling {
  return at(build, { kind: 'stuck', why: 'deadline', reason: 'the deadline is over' });
}

/** What cannot be asked or tried for now waits for a person. */
export function toolWorkBlocked(tooling: Tooling, reason: string): Tooling {
  return { ...tooling, blocked: reason };
}

export function closed(build: ToolBuild, outcome: ToolRequestOutcome): Tooling {
  return at(build, { kind: 'close', outcome });
}

function again(build: ToolBuild, findings: string): Tooling {
  return build.attempts.length < build.allowed
    ? at(build, repair(findings))
    : at(build, { kind: 'stuck', why: 'attempts', reason: findings });
}

function repair(findings: string): ToolPosition {
  return { kind: 'assign', because: { kind: 'repair', findings } };
}

function at(build: ToolBuild, position: ToolPosition): Tooling {
  return { kind: 'tooling', build, at: position, isPaid: false };
}
