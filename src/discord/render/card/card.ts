import type { AgentRole } from '../../../domain/agent.ts';
import type { AgentAnswer } from '../../../domain/answers/answer.ts';
import type { NewsType, SpiralEvent } from '../../../domain/event.ts';
import type { TaskId } from '../../../domain/identifiers.ts';
import type { Speaker } from '../../../domain/message.ts';
import type { TaskOutcome } from '../../../domain/outcome.ts';
import type { ProjectReport } from '../../../domain/project-report.ts';
import type { BuildStage } from '../../../domain/tool-work.ts';
import { nextPhases, type ShownPhase } from './phases.ts';

export type CardTests = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly by: 'agent' | 'spiral';
};

/** Everything that is shown of a task, as its events told it. */
export type TaskCard = {
  readonly id: TaskId;
  readonly text: string;
  readonly agent: AgentRole;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What was done last, the newest last. */
  readonly steps: readonly string[];
  /** Steps that are no longer among them. */
  readonly stepsBefore: number;
  readonly round: number;
  readonly promptsUsed: number;
  readonly promptLimit: number;
  readonly usd: number;
  readonly filesChanged: number;
  readonly tests?: CardTests;
  /** The work stands still: for an answer, or for a time or another task. */
  readonly waiting?: { readonly reason: string; readonly isForPerson: boolean };
  readonly title?: string;
  readonly phases: readonly ShownPhase[];
  readonly tool?: { readonly name: string; readonly stage: BuildStage; readonly progress: number };
  /** A conversation is all that it is. */
  readonly isTalk: boolean;
  /** How many messages of a conversation are whose. */
  readonly spoken: Readonly<Partial<Record<Speaker, number>>>;
  readonly answer?: AgentAnswer;
  readonly report?: ProjectReport;
  readonly outcome?: TaskOutcome;
  readonly branch?: string;
};

const shownSteps = 5;

/** What an event changes; `isOwn` is false for one of a task of the project. Events that are not among them change nothing. */
type Changes = {
  readonly [Type in NewsType]?: (
    card: TaskCard,
    event: Extract<SpiralEvent, { type: Type }>,
    isOwn: boolean,
  ) => TaskCard;
};

const changes: Changes = {
  'task.reworded': (card, { text }, isOwn) => (isOwn ? { ...card, text } : card),
  progress: (card, { by, text }) => (by === 'model' || by === 'tool' ? stepped(card, text) : card),
  'file.changed': (card) => ({ ...card, filesChanged: card.filesChanged + 1 }),
  'tests.ran': (card, { passed, failed, skipped, by, baseline }) =>
    baseline ? card : { ...card, tests: { passed, failed, skipped, by } },
  'prompt.spent': (card, { round, limit }, isOwn) => ({
    ...card,
    promptsUsed: card.promptsUsed + 1,
    round,
    // More may have been given; the limit of a task of the project is none of the project's.
    promptLimit: isOwn ? limit : card.promptLimit,
  }),
  'engine.finished': (card, { costUsd }) => ({ ...card, usd: card.usd + costUsd }),
  'task.waiting': (card, { reason, questionId }) => ({
    ...card,
    waiting: { reason, isForPerson: questionId !== undefined },
  }),
  'task.resumed': ({ waiting: _, ...card }) => card,
  'task.answered': (card, { answer }, isOwn) => (isOwn ? { ...card, answer } : card),
  'message.sent': (card, { author }) =>
    card.isTalk ? { ...card, spoken: { ...card.spoken, [author]: (card.spoken[author] ?? 0) + 1 } } : card,
  'tool-build.advanced': (card, { toolName: name, stage, progress }) => ({ ...card, tool: { name, stage, progress } }),
  'project.planned': (card, event) => ({ ...card, title: event.title, phases: nextPhases(card.phases, event) }),
  // The tests of the phase before say nothing of this one.
  'phase.started': ({ tests: _, ...card }, event) => ({ ...card, phases: nextPhases(card.phases, event) }),
  'phase.reviewed': (card, event) => ({ ...card, phases: nextPhases(card.phases, event) }),
  'phase.finished': (card, event) => ({ ...card, phases: nextPhases(card.phases, event) }),
  'project.finished': (card, { report }) => ({ ...card, report }),
  'task.finished': (card, { outcome }, isOwn) => {
    if (!isOwn) return card;
    const { waiting: _, ...over } = card;
    return { ...over, outcome, usd: outcome.costUsd, promptsUsed: outcome.promptsUsed };
  },
};

/** The card after the next event; its first event is `task.accepted`, and before that there is none. */
export function nextCard(card: TaskCard | undefined, event: SpiralEvent): TaskCard | undefined {
  if (!card) return event.type === 'task.accepted' ? firstCard(event) : undefined;
  // The table gives each event the function of its own type.
  const change = changes[event.type] as Changes[typeof event.type] & ((...given: unknown[]) => TaskCard);
  return change ? change(card, event, event.taskId === card.id) : card;
}

function firstCard(event: Extract<SpiralEvent, { type: 'task.accepted' }>): TaskCard {
  return {
    id: event.taskId,
    text: event.text,
    agent: event.agent,
    startedAt: Date.parse(event.at),
    steps: [],
    stepsBefore: 0,
    round: 0,
    promptsUsed: 0,
    promptLimit: event.promptLimit,
    usd: 0,
    filesChanged: 0,
    phases: [],
    spoken: {},
    isTalk: event.conversation !== undefined,
    ...(event.repository ? { branch: event.repository.branch } : {}),
  };
}

function stepped(card: TaskCard, text: string): TaskCard {
  const step = text.replaceAll(/\s+/g, ' ').trim();
  if (step === '' || card.steps.at(-1) === step) return card;
  const steps = [...card.steps, step];
  const dropped = Math.max(0, steps.length - shownSteps);
  return { ...card, steps: steps.slice(dropped), stepsBefore: card.stepsBefore + dropped };
}
