import type { AgentRole } from '../../domain/agent.ts';
import type { AgentAnswer } from '../../domain/answers/answer.ts';
import type { QuestionName, SpiralEvent } from '../../domain/event.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { Live } from './live.ts';
import type { OutcomeSetting } from './outcome.ts';
import type { OpenQuestion } from './waiting.ts';

export type EventOf<Type extends SpiralEvent['type']> = SpiralEvent & { readonly type: Type };

/** What is known of a project whose events are shown. */
export type ProjectProgress = {
  /** Phases that a person left as they were. */
  readonly skipped: number;
  readonly isCoordinating: boolean;
  /** How the developer's tasks of the phase that is worked on ended, oldest first. */
  readonly attempts: readonly TaskOutcome[];
  /** Its report was shown. */
  readonly isReported: boolean;
};

/** What earlier events left to be said with a later one. */
export type ScreenState = OutcomeSetting & {
  /** The task that the screen is about; events of its project's other tasks are told within it. */
  readonly root?: TaskId;
  /** Whose task it is. */
  readonly agent?: AgentRole;
  /** Who was asked last, for what, and whether the answer has not come yet. */
  readonly asked?: { readonly agent: AgentRole; readonly question: QuestionName; readonly isOpen: boolean };
  /** The answer that the task was about, once it was shown. */
  readonly answer?: AgentAnswer;
  readonly project?: ProjectProgress;
  /** The task works on a request for a tool. */
  readonly isToolWork?: boolean;
  /** The task is this conversation: what is said in it is its result. */
  readonly conversation?: ConversationId;
  /** Counts that were read from the command that is told of next. */
  readonly agentTests?: EventOf<'tests.ran'>;
  /** A limit that was reached: said with the question that follows, or before whatever else does. */
  readonly shortage?: EventOf<'budget.exhausted'>;
  /** Asked and not answered. */
  readonly question?: OpenQuestion;
  /** The question that was shown last: a project and the task of its developer may wait for the same one. */
  readonly shownQuestion?: string;
};

/** What one event puts on the screen. `progress` goes to stderr, `result` to stdout; `live` replaces the status line. */
export type Rendered = {
  readonly progress: readonly string[];
  readonly result: readonly string[];
  readonly live?: Live;
  readonly state: ScreenState;
};

/** News that only tells of the way. */
export function progressOf(lines: readonly string[], state: ScreenState, live?: Live): Rendered {
  return { progress: lines, result: [], state, ...(live === undefined ? {} : { live }) };
}

/** Whether an event belongs to a task that the project on the screen gave to its developer. */
export function isOfDeveloper(event: SpiralEvent, { root }: ScreenState): boolean {
  return root !== undefined && event.taskId !== root;
}
