import type { AgentResources } from '../../domain/agent-resources.ts';
import { counted, money } from '../../domain/amounts.ts';
import type { CostLine } from '../../domain/budget.ts';
import type { Question } from '../../domain/question.ts';
import type { Tool } from '../../domain/tool.ts';
import type { ProjectTaskReport, TaskReport } from '../../spiral/reports.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { age, code, dotted, listed } from './list.ts';
import { agentStatus, taskStatus } from './lists-status.ts';
import { titles } from './question-card.ts';
import { plainLine } from './text.ts';
import { voices } from './voices.ts';

/** Of the words in one line. */
const mostOfText = 80;

/** What waits for somebody, oldest first. */
export function pendingList(questions: readonly Question[], nowMs: number): Outgoing {
  if (questions.length === 0) return { content: '✅ Nothing waits for you.' };
  const lines = questions.map(({ id, taskId, kind, text, askedAt }) =>
    dotted(`${code(id)} ${titles[kind]}`, plainLine(text, mostOfText), `task ${code(taskId)}`, age(nowMs, askedAt)),
  );
  return listed(`**${counted(questions.length, 'question waits', 'questions wait')}**`, lines);
}

/** In the order that they come in. */
export function tasksList(tasks: readonly TaskReport[], nowMs: number): Outgoing {
  if (tasks.length === 0) return { content: 'No tasks yet. Begin one with /task' };
  const lines = tasks.map((task) =>
    dotted(
      `${code(task.id)} ${taskStatus(task)}`,
      `${voices[task.agent].sign} ${plainLine(task.text, mostOfText)}`,
      `${task.promptsUsed}/${task.promptLimit} prompts`,
      task.origin === 'demo' ? 'rehearsed' : money(task.costUsd),
      age(nowMs, task.createdAt),
    ),
  );
  return listed('**Tasks, newest first**', lines);
}

/** In the order that they come in. */
export function projectsList(projects: readonly ProjectTaskReport[], nowMs: number): Outgoing {
  if (projects.length === 0) return { content: 'No projects yet. Begin one with /project' };
  const lines = projects.map((one) => {
    const done = one.project.phases.filter(({ status }) => status !== 'open').length;
    return dotted(
      `${code(one.id)} ${taskStatus(one)}`,
      plainLine(one.project.title, mostOfText),
      `${done} of ${counted(one.project.phases.length, 'phase')}`,
      age(nowMs, one.createdAt),
    );
  });
  return listed('**Projects, newest first**', lines);
}

/** The team, a line for each agent. */
export function agentsList(resources: readonly AgentResources[]): Outgoing {
  const lines = resources.map(({ role, status, prompts, tasks, efficiency, isInefficient }) => {
    const { sign, name, short } = voices[role];
    const used = prompts.limit === undefined ? `${prompts.spent}` : `${prompts.spent}/${prompts.limit}`;
    return dotted(
      `${sign} **${name}** (@${short}) ${agentStatus(status)}`,
      `${used} prompts in this cycle`,
      tasks.length === 0 ? '' : counted(tasks.length, 'task'),
      efficiency === null ? '' : `efficiency ${efficiency.toFixed(2)}${isInefficient ? ' ⚠️' : ''}`,
    );
  });
  return listed('**The team**', lines);
}

/** What was booked, with the sum of all lines first. */
export function costsList(lines: readonly CostLine[], by: 'agent' | 'task' | 'day'): Outgoing {
  if (lines.length === 0) return { content: 'Nothing was booked.' };
  const sum = (count: (line: CostLine) => number) => lines.reduce((total, line) => total + count(line), 0);
  const isEstimated = lines.some(({ estimated }) => estimated > 0);
  const head = dotted(
    `**${isEstimated ? '~' : ''}${money(sum(({ usd }) => usd))}** by ${by === 'day' ? 'day (UTC)' : by}`,
    counted(
      sum(({ requests }) => requests),
      'request',
    ),
    isEstimated ? '~ holds estimates of requests that were cut' : '',
  );
  const rows = lines.map(({ key, usd, requests, estimated }) =>
    dotted(`${code(key)} ${estimated > 0 ? '~' : ''}${money(usd)}`, counted(requests, 'request')),
  );
  return listed(head, rows);
}

/** What is offered, then what was retired. */
export function toolsList(tools: readonly Tool[]): Outgoing {
  if (tools.length === 0) return { content: 'There is no such tool, or none yet. What agents ask for: /pending' };
  const active = tools.filter(({ status }) => status === 'active');
  const retired = tools.filter(({ status }) => status === 'retired');
  const heading = `**${counted(active.length, 'tool')}**${retired.length === 0 ? '' : `, ${retired.length} retired`}`;
  return listed(heading, [...active, ...retired].map(lineOfTool));
}

function lineOfTool({ manifest: { name, version, description }, status, calls, failures }: Tool): string {
  return dotted(
    `${status === 'retired' ? '🗄️ ' : ''}${code(name)} ${version}`,
    plainLine(description, mostOfText),
    `${counted(calls, 'call')}${failures === 0 ? '' : `, ${counted(failures, 'failure')}`}`,
  );
}

/** What a person can say here. */
export function helpText(): Outgoing {
  const names = Object.values(voices).map(({ short, sign, name }) => `${sign} @${short}: ${name}`);
  return {
    content: [
      '**Say what you want, and an agent does it.** Without a name the default agent takes it.',
      ...names,
      '',
      '`/task` give a task · `/project` plan and build in phases · `/talk` talk with several agents · `/continue` go on with a finished one',
      '`/pending` what waits for you · `/answer` `/decide` `/grant` answer it',
      '`/tasks` `/projects` what runs and ran · `/messages` what agents say to each other · `/report` what came of it',
      '`/agents` the team · `/costs` what was spent · `/tools` what was built',
      '`/merge` merge the work of a task · `/stop` end a task, or all, at once',
      '',
      'In the thread of a task: write to go on with it, or `STOP` to end it.',
    ].join('\n'),
  };
}
