import type { SpiralEvent } from '../../../domain/event.ts';

export type ShownPhase = {
  readonly name: string;
  readonly status: 'open' | 'working' | 'reviewed' | 'rejected' | 'done' | 'skipped';
  readonly attempt: number;
};

type PhaseEvent = Extract<
  SpiralEvent,
  { type: 'project.planned' | 'phase.started' | 'phase.reviewed' | 'phase.finished' }
>;

/** The phases of a project after the next event. A plan that was changed begins with what is done already. */
export function nextPhases(phases: readonly ShownPhase[], event: PhaseEvent): readonly ShownPhase[] {
  switch (event.type) {
    case 'project.planned':
      return event.phases.map(
        ({ name }) => phases.find((one) => one.name === name) ?? { name, status: 'open', attempt: 0 },
      );
    case 'phase.started':
      return changed(phases, event.phase, { status: 'working', attempt: event.attempt });
    case 'phase.reviewed':
      return changed(phases, event.phase, { status: event.verdict === 'passed' ? 'reviewed' : 'rejected' });
    case 'phase.finished':
      return changed(phases, event.phase, { status: event.status });
  }
}

function changed(phases: readonly ShownPhase[], name: string, change: Partial<ShownPhase>): readonly ShownPhase[] {
  return phases.map((phase) => (phase.name === name ? { ...phase, ...change } : phase));
}

/** How much of a project is done, in per cent. */
export function percentDone(phases: readonly ShownPhase[]): number {
  if (phases.length === 0) return 0;
  const done = phases.filter(({ status }) => status === 'done' || status === 'skipped').length;
  return Math.round((done / phases.length) * 100);
}
