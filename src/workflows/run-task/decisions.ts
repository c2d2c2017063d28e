import type { SpiralEvent } from '../../domain/event.ts';
import { type Decision, decisionOf } from '../../domain/permission.ts';

/** What a person decided so far about what a task wanted, oldest first. */
export function decisionsIn(events: readonly SpiralEvent[]): Decision[] {
  return events.flatMap((event) => {
    if (event.type !== 'question.answered') return [];
    const permission = askedAs(event.questionId, events)?.permission;
    return permission ? [decisionOf(permission, event.answer)] : [];
  });
}

/** What a person answered since the session last began, by kind. */
export function answeredSinceStart(events: readonly SpiralEvent[]): ReadonlySet<'question' | 'permission' | 'tool'> {
  const last = events.findLastIndex(({ type }) => type === 'engine.started');
  const kinds = events.slice(last + 1).flatMap((event) => {
    // Whatever a task that slept for a tool was woken by, it is what became of its request.
    if (event.type === 'task.resumed') return ['tool' as const];
    const kind = event.type === 'question.answered' ? askedAs(event.questionId, events)?.kind : undefined;
    return kind === 'question' || kind === 'permission' ? [kind] : [];
  });
  return new Set(kinds);
}

/** Those of the decisions that the session was not told yet. */
export function newDecisionsIn(events: readonly SpiralEvent[]): Decision[] {
  const last = events.findLastIndex(({ type }) => type === 'engine.started');
  const old = decisionsIn(events.slice(0, last + 1)).length;
  return decisionsIn(events).slice(old);
}

function askedAs(questionId: string, events: readonly SpiralEvent[]) {
  return events.filter((event) => event.type === 'question.asked').find((event) => event.questionId === questionId);
}
