import type { Shortage } from '../../domain/budget.ts';
import type { Answer } from '../../domain/question.ts';
import { resumedBy } from '../../domain/task.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import { sentenceOfToolDecision, type ToolDecision } from '../../domain/tool-decision.ts';
import { afterToolDecision } from '../../domain/tool-step.ts';

/** An answer as news tells it. */
export function wordsOf(answer: Answer, shortage: Shortage | null): string {
  if (answer.kind === 'refused') return 'refused';
  if (answer.kind === 'decided') return sentenceOfToolDecision(answer.decision);
  if (answer.kind === 'moved') return `${answer.amount} prompts moved from ${answer.from}`;
  if (answer.kind === 'chosen') return answer.text === undefined ? answer.choice : `${answer.choice}: ${answer.text}`;
  return shortage ? `${answer.amount} ${shortage.measure} granted` : 'granted';
}

/** Where a task goes on with an answer. */
export function answeredState(resume: ResumedState, answer: Answer, shortage: Shortage | null): TaskState {
  if (answer.kind === 'granted' || answer.kind === 'moved') return resume;
  if (answer.kind === 'decided') return decidedState(resume, answer.decision);
  if (answer.kind === 'chosen' && shortage) return untilRenewed(resume, shortage);
  if (answer.kind === 'chosen') return resumedBy(resume, answer);
  const reason = shortage
    ? `the limit of ${shortage.limit} ${shortage.measure} (${shortage.scope}) is reached, and more was refused`
    : 'what the work needed was refused';
  const project = resume.kind === 'coordinating' ? { project: resume.project } : {};
  return { kind: 'ended', ending: { status: 'out-of-budget', verified: false, reason }, ...project };
}

function decidedState(resume: ResumedState, decision: ToolDecision): TaskState {
  if (resume.kind !== 'tooling') return resume;
  const { next, until } = afterToolDecision(resume.build, decision);
  if (until === undefined) return next;
  return { kind: 'waiting', for: { kind: 'time', until, reason: 'a person deferred it' }, resume: next };
}

/** Where there is no time at which there is room again, it is tried at once. */
function untilRenewed(resume: ResumedState, { renewsAt, scope }: Shortage): TaskState {
  if (renewsAt === undefined) return resume;
  return { kind: 'waiting', for: { kind: 'time', until: renewsAt, reason: `${scope} begins anew` }, resume };
}
