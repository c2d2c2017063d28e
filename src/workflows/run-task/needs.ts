import type { Questions, Roster } from '../../agents/roster.ts';
import type { AgentRole } from '../../domain/agent.ts';
import type { Amounts, ScopeLimit } from '../../domain/budget.ts';
import type { Allowance } from '../../domain/conversation.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { Task } from '../../domain/task.ts';
import type { TestReport } from '../../domain/test-run.ts';
import type { ToolFiles } from '../../domain/tool.ts';
import type { Engine, EngineSession } from '../../engine/engine.ts';
import type { Llm, Reader } from '../../llm/llm.ts';
import type { StopRequests } from '../../sandbox/sandbox.ts';
import type { CycleShare } from '../../store/budgets.ts';
import type { Store, Writer } from '../../store/store.ts';
import type { Gate } from '../../toolbox/gate.ts';
import type { Registry } from '../../toolbox/registry.ts';
import type { ToolServer, ToolSource } from '../../toolbox/toolbox.ts';
import type { SetupSetting, VerificationSetting, Workspaces } from '../../workspace/workspace.ts';
import type { Seat } from './seats.ts';
import type { SessionSlots } from './session-slots.ts';

/** What a task may use, and what happens when that is used up. */
export type BudgetRules = {
  /** Every limit that the task has to keep, as configured. */
  readonly limitsOf: (
    task: Pick<Task, 'id' | 'agent' | 'night' | 'project' | 'toolRequest' | 'promptLimit'>,
  ) => readonly ScopeLimit[];
  readonly cycles: CycleRules;
  readonly atLimit: 'ask' | 'stop';
  /** The same for work that nobody watches; `grant` gives `amounts` of what ran out, within the budget of the night. */
  readonly unattended: { readonly atLimit: 'wait' | 'refuse' | 'grant'; readonly amounts: Required<Amounts> };
};

/** What agents may use in the present cycle, as it is configured. */
export type CycleRules = {
  /** With an empty limit for an agent that has none; undefined where no cycle is counted. */
  readonly shareOf: (agent: AgentRole) => CycleShare | undefined;
  /** Of every agent that has a limit. */
  readonly shares: () => readonly CycleShare[];
  /** What the project manager may move between them. */
  readonly moves: () => ScopeLimit;
};

/** The rules of every conversation, as they are configured. */
export type ConversationRules = {
  /** Of a new conversation, and more for one that a person takes up again. */
  readonly allowance: Allowance;
  /** How often a mail is tried. */
  readonly attempts: number;
  /** What an agent is told of a conversation. */
  readonly maxTokens: number;
  /** Whether the model of this system may speak in the conversations of a task: one that plays a part speaks in no other. */
  readonly maySpeakIn: (task: Pick<Task, 'origin'>) => boolean;
};

/** What running a task takes from outside. */
export type RunTaskNeeds = {
  readonly store: Store;
  readonly engine: Engine;
  readonly workspaces: Workspaces;
  readonly roster: Roster;
  /** The agents that answer questions. */
  readonly team: Questions;
  readonly llm: Llm;
  readonly reader: Reader;
  /** Below it the process coach is told of an agent; 1 is what is usual in the team. */
  readonly expectedEfficiency: (agent: AgentRole) => number;
  /** At each phase of a project, before a person is asked. */
  readonly attempts: number;
  readonly newTaskId: () => TaskId;
  /** Told of what went wrong beside the work, in one line. */
  readonly report: (problem: string) => void;
  readonly verification: VerificationSetting;
  readonly setup: SetupSetting;
  readonly budget: BudgetRules;
  readonly stops: StopRequests;
  readonly conversations: ConversationRules;
  /** What of ours the model of a session may call. */
  readonly tools: {
    readonly server: ToolServer;
    readonly of: (task: Pick<Task, 'id' | 'agent' | 'workspace'>) => ToolSource;
  };
  /** Tells whoever works on mail that an agent has some. Never rejects: mail that nobody was told of is found. */
  readonly wake: (id: ConversationId, agent: AgentRole) => Promise<void>;
  /** Built tools, and what proves them. */
  readonly toolbox: {
    readonly registry: Registry;
    readonly gate: Gate;
    /** The folder in which the tool of a request is built, absolute; made when it is not there. */
    readonly makeFolderFor: (requestId: string) => Promise<string>;
    /** Lays the files of a tool that is to be improved into the folder of its build; what lies there already stays. */
    readonly layOut: (folder: string, files: ToolFiles) => Promise<void>;
    /** The files of a tool that is being built; links and what tools never consist of are left out. */
    readonly filesIn: (folder: string) => Promise<ToolFiles>;
  };
  /** Places for live coding sessions. */
  readonly slots: SessionSlots;
  /** What a model is told of red tests; bounded. */
  readonly failuresOf: (report: TestReport) => Promise<string>;
  /** This process, as it stands in a lease. */
  readonly self: LeaseHolder;
  /** Whether a holder of this machine still runs; undefined when it cannot be looked at from here. */
  readonly isAlive: (holder: LeaseHolder) => boolean | undefined;
  /** Ends the process trees of Spiral processes that were killed. */
  readonly reapLeftovers: () => void;
  readonly now: () => number;
};

/** Why a step is to stop before its end. */
export type StopReason = 'cancelled' | 'timed-out' | 'deadline' | 'lease-lost' | 'shutdown';

/** One step at work: whose right it is to write, and what tells it to stop (the signal's reason is a `StopReason`). */
export type StepContext = {
  readonly writer: Writer;
  readonly signal: AbortSignal;
  /** A session of the first round that was started in advance; taken at most once. */
  readonly takePrepared: () => EngineSession | undefined;
  /** What the drive counts by, also while it drives another task. */
  readonly seat: Seat;
  /** Drives another task, for example one of a project, to where it ends or waits; what stops us stops it as well. */
  readonly driveOther: (id: TaskId) => Promise<'finished' | 'waiting' | 'left' | 'lost'>;
};

/** The process leaves and the task stays as it is, for whoever takes it over. */
export class StepInterrupted extends Error {
  override readonly name = 'StepInterrupted';
  constructor(task: Task['id']) {
    super(`task ${task} was left for later: the process is shutting down`);
  }
}
