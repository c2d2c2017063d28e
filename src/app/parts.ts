import type { AgentRole } from '../domain/agent.ts';
import type { Cycle } from '../domain/cycle.ts';
import type { MachineId } from '../domain/identifiers.ts';
import { isRehearsed, type Night, type Task } from '../domain/task.ts';
import type { Queue } from '../queue/queue.ts';
import type { Notice } from '../spiral.ts';
import type { Store } from '../store/store.ts';
import type { ToolServer } from '../toolbox/toolbox.ts';
import { improveWhenFailing } from '../workflows/build-tool/improve-tool.ts';
import { requestTool, searchTools } from '../workflows/build-tool/request-tool.ts';
import { askTeammate } from '../workflows/converse/ask-teammate.ts';
import type { ConversationRules, RunTaskNeeds } from '../workflows/run-task/needs.ts';
import type { TaskNews } from './notify.ts';
import type { Toolbox } from './toolbox.ts';
import type { Upkeep } from './upkeep.ts';

/** What a running system is made of. Store and queue are opened when they are first asked for. */
export type Parts = Omit<RunTaskNeeds, 'store' | 'wake' | 'conversations' | 'tools' | 'toolbox'> & {
  readonly toolbox: Toolbox;
  readonly conversations: Omit<ConversationRules, 'maySpeakIn'>;
  readonly toolServer: ToolServer;
  readonly store: () => Promise<Store>;
  readonly queue: () => Promise<Queue>;
  readonly machine: MachineId;
  /** Whether the model only plays a part: nothing but a demo may ask it, and a demo may ask nothing else. */
  readonly rehearses: boolean;
  /** Throws `SpiralError` when no model can be asked, or not as the configuration demands: a task would only fail. */
  readonly requireReady: () => void;
  /** The night that unattended work given now belongs to. Throws `SpiralError` when it must not run here. */
  readonly night: () => Night;
  readonly sessions: number;
  /** The present one. */
  readonly cycle: () => Cycle;
  /** Absolute, after symlinks. */
  readonly stateRoot: string;
  /** A folder of ours, absolute, for tasks in which nothing is built or read. */
  readonly ownFolder: string;
  /** A person is asked about a tool that nobody used for so long; 0: never. */
  readonly unusedDays: number;
  /** Who gets the messages on a topic. */
  readonly topics: Readonly<Record<string, readonly AgentRole[]>>;
  /** Whose work goes on first: 1 to 10, 10 first. */
  readonly responsePriority: (agent: AgentRole) => number;
  readonly defaults: (agent: AgentRole) => {
    readonly promptLimit: number;
    readonly roundTimeoutSeconds: number;
    readonly model: string;
  };
  /** Tells the person, in the way that they configured, that a task asks or is over. Never rejects. */
  readonly notify: (news: TaskNews) => Promise<void>;
  readonly upkeep: Upkeep;
  readonly notices: readonly Notice[];
  readonly report: (problem: string) => void;
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

/** What running tasks and letting agents talk takes, from the parts of a running system. */
export async function needsOf(parts: Parts, wake: RunTaskNeeds['wake']): Promise<RunTaskNeeds> {
  const maySpeakIn = (task: Pick<Task, 'origin'>) => isRehearsed(task) === parts.rehearses;
  return {
    ...parts,
    store: await parts.store(),
    toolbox: await parts.toolbox.needs(),
    wake,
    tools: toolsOf(parts, wake),
    conversations: { ...parts.conversations, maySpeakIn },
  };
}

/** What of ours a session may call; it is known before the store is open. */
export function toolsOf(parts: Parts, wake: RunTaskNeeds['wake']): RunTaskNeeds['tools'] {
  const needs = () => needsOf(parts, wake);
  return {
    server: parts.toolServer,
    of: (task) =>
      parts.toolbox.offered(
        task,
        [askTeammate(task.id, needs), requestTool(task.id, needs), searchTools(needs)],
        async (use) => improveWhenFailing(use, await needs()),
      ),
  };
}
