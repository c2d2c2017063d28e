import type { AgentStatus } from '../../domain/agent-status.ts';
import { counted } from '../../domain/amounts.ts';
import { isAnswered } from '../../domain/task.ts';
import { stageAt } from '../../domain/tool-work.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { plainLine } from './text.ts';

const mostOfName = 40;

/** Where a task stands, in few words, with a sign. */
export function taskStatus(task: Omit<TaskReport, 'project'>): string {
  const { state } = task;
  if (state.kind === 'finished') return finishedStatus(task, state.status);
  if (task.isHeld) return '⏸️ held';
  if (state.kind === 'waiting') {
    switch (state.for.kind) {
      case 'answer':
        return '❓ waiting for you';
      case 'tool':
        return `🛠️ waiting for ${plainLine(state.for.name, mostOfName)}`;
      case 'time':
        return `⏳ waiting until <t:${Math.floor(Date.parse(state.for.until) / 1000)}:t>`;
    }
  }
  return task.driven ? `🔄 ${workingStatus(state)}` : '⚠️ interrupted';
}

function finishedStatus(task: Omit<TaskReport, 'project'>, status: string): string {
  if (status !== 'succeeded') return `❌ ${status}`;
  // There is nothing to verify about what a person decided.
  if (task.outcome?.verified !== false || task.retires) return '✅ succeeded';
  return isAnswered(task) ? '✅ answered' : '✅ succeeded, unverified';
}

function workingStatus(state: TaskReport['state']): string {
  switch (state.kind) {
    case 'working':
      return `working, round ${state.round}`;
    case 'worked':
      return 'running tests';
    case 'asking':
      return 'answering';
    case 'tooling':
      return `tool, ${stageAt(state.at) ?? 'request'}`;
    case 'coordinating': {
      const over = state.project.phases.filter(({ status }) => status !== 'open').length;
      return `project, ${over} of ${state.project.phases.length} phases`;
    }
    case 'accepted':
    case 'analysed':
    case 'verified':
    case 'waiting':
    case 'retiring':
    case 'ended':
    case 'finished':
      return 'starting';
  }
}

/** How an agent stands, in few words. */
export function agentStatus(status: AgentStatus): string {
  switch (status.kind) {
    case 'idle':
      return 'idle';
    case 'active':
      return `active, ${counted(status.promptsRemaining, 'prompt')} left`;
    case 'exhausted':
      return 'exhausted: see /pending';
    case 'building-tool':
      return `building ${plainLine(status.toolName, mostOfName)}, ${Math.round(status.progress * 100)}%`;
    case 'escalated':
      return 'waits for a person: see /pending';
    case 'waiting-for-tool-decision':
      return `waits for the tool ${plainLine(status.requestedTool, mostOfName)}`;
  }
}
