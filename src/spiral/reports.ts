import type { AgentAnswer } from '../domain/answers/answer.ts';
import type { Insight } from '../domain/insights.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import type { Project } from '../domain/project.ts';
import type { Question } from '../domain/question.ts';
import type { Task } from '../domain/task.ts';

/** A task as lists show it. */
export type TaskReport = Task & {
  /** Some process works on it now. */
  readonly driven: boolean;
  readonly finishedAt?: Date;
  readonly promptsUsed: number;
  /** What was booked for its requests; with a login, what Claude Code estimated. */
  readonly costUsd: number;
  /** When something was last told of it. */
  readonly lastNewsAt: Date;
  /** What it waits for: an answer to this question. */
  readonly question?: Question;
  /** The last trouble of a model request in a round that still runs, for example a retry. */
  readonly trouble?: string;
  /** Once it is finished. */
  readonly outcome?: TaskOutcome;
  /** Of an agent that answers: what it said, with what can be taken from it. Its opinion, never checked. */
  readonly answered?: { readonly answer: AgentAnswer; readonly insights: readonly Insight[] };
};

/** A project as lists show it, with the tasks of it, oldest first. */
export type ProjectTaskReport = Omit<TaskReport, 'project'> & {
  readonly project: Project;
  readonly tasks: readonly TaskReport[];
};

/** What happened since a moment, as a person wants to read it in the morning. */
export type Report = {
  readonly since: Date;
  /** Finished since then, oldest first. */
  readonly finished: readonly TaskReport[];
  /** Not finished and waiting for an answer. */
  readonly waiting: readonly TaskReport[];
  /** Not finished and not waiting for anybody: running, queued or interrupted. */
  readonly open: readonly TaskReport[];
  /** Booked since then. */
  readonly usd: number;
  readonly prompts: number;
};
