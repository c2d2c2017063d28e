import type { AgentRole } from './agent.ts';
import type { GateReport } from './gate-report.ts';
import type { TaskId } from './identifiers.ts';
import type { ToolCard } from './tool-card.ts';
import type { ToolDecision } from './tool-decision.ts';
import type { ToolRequestOutcome } from './tool-request.ts';
import type { BuildStage } from './tool-work.ts';

/** News of requests for tools and of what becomes of them. `taskId` is the project manager's task that works on it. */
export type ToolRequestNews =
  | {
      readonly type: 'tool-request.filed';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly name: string;
      readonly description: string;
      readonly agent: AgentRole | 'human';
      readonly urgency: number;
      readonly importance: number;
      /** The task in which it was missed, and whether that sleeps until the request is closed. */
      readonly missedIn?: TaskId;
      readonly isBlocking: boolean;
      /** Names of tools that are like it, best first. */
      readonly similar: readonly string[];
      /** It was open already, and this task now waits for it as well. */
      readonly joined?: boolean;
    }
  | {
      readonly type: 'tool-request.assessed';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly card: ToolCard;
    }
  | {
      readonly type: 'tool-request.decided';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly decision: ToolDecision;
    }
  | {
      readonly type: 'tool-request.closed';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly name: string;
      readonly outcome: ToolRequestOutcome;
    }
  | {
      readonly type: 'tool-build.advanced';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly toolName: string;
      readonly stage: BuildStage;
      /** 0 to 1. */
      readonly progress: number;
      /** The developer's task of an attempt. */
      readonly developmentTask?: TaskId;
    }
  | {
      readonly type: 'tool-build.proved';
      readonly taskId: TaskId;
      readonly requestId: string;
      readonly toolName: string;
      readonly attempt: number;
      readonly isGreen: boolean;
      readonly report: GateReport;
    };
