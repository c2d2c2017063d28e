import type { Challenge, PlannedPhase } from './answers/planning.ts';
import type { Finding } from './answers/review.ts';
import type { TaskId } from './identifiers.ts';
import type { JudgedCriterion, ProjectReport } from './project-report.ts';

/** News of a project: what a task of the project manager becomes. `projectId` is the id of that task, and so is `taskId`. */
export type ProjectNews =
  | {
      readonly type: 'project.planned';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly title: string;
      /** From 1; a plan that was changed is told again. */
      readonly revision: number;
      readonly phases: readonly PlannedPhase[];
    }
  | {
      readonly type: 'plan.challenged';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly challenges: readonly Challenge[];
    }
  /** What becomes of each challenge, in their order. */
  | {
      readonly type: 'plan.settled';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly rulings: readonly { readonly accepted: boolean; readonly reason: string }[];
    }
  /** An attempt at a phase begins: `developmentTask` is the developer's. Phases are counted from 1. */
  | {
      readonly type: 'phase.started';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly phase: string;
      readonly number: number;
      readonly of: number;
      readonly attempt: number;
      readonly developmentTask: TaskId;
    }
  | {
      readonly type: 'phase.reviewed';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly phase: string;
      readonly attempt: number;
      /** By quality assurance, who read the code. */
      readonly verdict: 'passed' | 'rejected';
      readonly reason: string;
      readonly findings: readonly Finding[];
      /** Findings about places that do not exist. */
      readonly dropped: number;
    }
  | {
      readonly type: 'phase.evaluated';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly phase: string;
      readonly attempt: number;
      readonly isDone: boolean;
      readonly criteria: readonly JudgedCriterion[];
      /** Why it is not done; empty when it is. */
      readonly objections: readonly string[];
    }
  | {
      readonly type: 'phase.finished';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly phase: string;
      readonly number: number;
      readonly of: number;
      readonly status: 'done' | 'skipped';
      readonly attempts: number;
      /** The commit that holds it; absent where the history is not ours. */
      readonly commit?: string;
    }
  | {
      readonly type: 'project.finished';
      readonly taskId: TaskId;
      readonly projectId: TaskId;
      readonly report: ProjectReport;
    };
