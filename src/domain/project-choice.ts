import { type Coordinating, moved, withPhase } from './project.ts';
import { beginNext } from './project-planning.ts';
import type { Choice, ChosenAnswer } from './question.ts';

/** What a project asks a person. `trouble`: a question to a model could not be asked. */
export type ProjectMatter = 'plan' | 'phase' | 'trouble';

const stop: Choice = { name: 'stop', meaning: 'end the project here', needsText: false };

/** The ways on, the harmless ones first. */
export const choicesOf: Readonly<Record<ProjectMatter, readonly Choice[]>> = {
  plan: [
    { name: 'approve', meaning: 'build it as planned', needsText: false },
    { name: 'revise', meaning: 'change the plan in your words', needsText: true },
    stop,
  ],
  phase: [
    { name: 'continue', meaning: 'try again, as often as before', needsText: false },
    { name: 'change', meaning: 'try again with what you say', needsText: true },
    { name: 'skip', meaning: 'leave the phase as it is and go on', needsText: false },
    stop,
  ],
  trouble: [{ name: 'retry', meaning: 'try again', needsText: false }, stop],
};

/** What a project asks for now; undefined when it does not ask. */
export function matterOf({ at, blocked }: Coordinating): ProjectMatter | undefined {
  if (blocked !== undefined) return 'trouble';
  if (at.kind === 'approve') return 'plan';
  return at.kind === 'escalate' ? 'phase' : undefined;
}

/** Where a project goes on after a person chose; `stopped` when that ends it. Throws for a choice that was not offered. */
export function afterChoice(coordinating: Coordinating, { choice, text }: ChosenAnswer): Coordinating | 'stopped' {
  const { project, at, blocked, ...rest } = coordinating;
  const matter = matterOf(coordinating);
  if (choice === 'stop' && matter !== undefined) return 'stopped';
  if (matter === 'trouble' && choice === 'retry') return { ...rest, project, at };
  if (at.kind === 'approve') {
    if (choice === 'approve') return beginNext(project);
    if (choice === 'revise' && text) return moved(project, { kind: 'revise', changes: [text], by: 'human' });
  }
  if (at.kind === 'escalate') {
    const { phase, findings } = at;
    if (choice === 'skip') return beginNext(withPhase(project, phase, (record) => ({ ...record, status: 'skipped' })));
    // As many attempts again as were made.
    const more = withPhase(project, phase, (record) => ({ ...record, allowed: record.tasks.length + record.allowed }));
    if (choice === 'continue') return moved(more, { kind: 'assign', phase, because: { kind: 'refine', findings } });
    if (choice === 'change' && text)
      return moved(more, { kind: 'assign', phase, because: { kind: 'changed', words: text, findings } });
  }
  throw new Error(`"${choice}" was not offered here`);
}
