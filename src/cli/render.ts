import { counted } from '../domain/amounts.ts';
import type { SpiralEvent } from '../domain/event.ts';
import type { TaskId } from '../domain/identifiers.ts';
import { agentNames } from './agent-names.ts';
import { amountOf } from './amounts.ts';
import { oneLine } from './plain-text.ts';
import { answeredOutcomeLines, renderAnswering } from './render/answering.ts';
import { renderBuilding } from './render/building.ts';
import { renderBuiltTool } from './render/built-tools.ts';
import { inefficiencySentence } from './render/inefficiency.ts';
import { nothing, working } from './render/live.ts';
import { outcomeLines } from './render/outcome.ts';
import { renderDevelopmentEnd, renderProject } from './render/project.ts';
import { shortageSentence } from './render/shortage.ts';
import { width } from './render/signs.ts';
import { type EventOf, isOfDeveloper, progressOf, type Rendered, type ScreenState } from './render/state.ts';
import { renderTalking, talkEndLines } from './render/talking.ts';
import { renderTooling, toolWorkLines } from './render/tooling.ts';
import { waitingLines } from './render/waiting.ts';
import { localTime } from './times.ts';

/** What earlier events left to be said with a later one. */
export type RenderState = ScreenState;

export const firstState: RenderState = { promptLimit: 0, rehearsed: false, estimated: false };

/** One event as the lines of the terminal. Pure. The first event that is shown, unless `root` is known, says what the screen is about. */
export function render(event: SpiralEvent, state: RenderState): Rendered {
  const root = state.root ?? rootOf(event);
  const { shortage, ...rest } = root === undefined ? state : { ...state, root };
  const known = shortage ? { ...rest, shortage } : rest;
  if (!shortage || event.type === 'question.asked' || event.type === 'task.waiting') return renderOne(event, known);
  const rendered = renderOne(event, rest);
  return { ...rendered, progress: [`💰 ${shortageSentence(shortage)}`, ...rendered.progress] };
}

function rootOf(event: SpiralEvent): TaskId | undefined {
  return (event.type === 'task.accepted' ? event.project : undefined) ?? event.taskId;
}

function renderOne(event: SpiralEvent, state: RenderState): Rendered {
  switch (event.type) {
    case 'task.accepted':
      return renderAccepted(event, state);
    case 'task.analysed':
    case 'prompt.spent':
    case 'engine.started':
    case 'engine.finished':
    case 'progress':
    case 'file.changed':
    case 'command.ran':
    case 'tests.ran':
    case 'tests.missing':
      return renderBuilding(event, state);
    case 'agent.asked':
    case 'agent.answered':
    case 'task.answered':
      return renderAnswering(event, state);
    case 'project.planned':
    case 'plan.challenged':
    case 'plan.settled':
    case 'phase.started':
    case 'phase.reviewed':
    case 'phase.evaluated':
    case 'phase.finished':
    case 'project.finished':
      return renderProject(event, state);
    case 'message.sent':
    case 'message.declined':
    case 'message.undeliverable':
    case 'conversation.escalated':
    case 'conversation.closed':
      return renderTalking(event, state);
    case 'tool-request.filed':
    case 'tool-request.assessed':
    case 'tool-request.decided':
    case 'tool-request.closed':
    case 'tool-build.advanced':
    case 'tool-build.proved':
      return renderTooling(event, state);
    case 'tool.registered':
    case 'tool.served':
    case 'tool.retired':
    case 'tool.restored':
    case 'tool.used':
      return renderBuiltTool(event, state);
    case 'budget.exhausted':
      return progressOf([], { ...state, shortage: event });
    case 'budget.granted':
      return progressOf([grantedLine(event)], state);
    case 'budget.moved':
      return progressOf([movedLine(event)], state);
    case 'agent.inefficient':
      return progressOf([`📉 ${inefficiencySentence(event)}`], state);
    case 'question.asked':
      return renderQuestion(event, state);
    case 'question.answered': {
      const { question, ...rest } = state;
      const asked = question?.shortage ? [`💰 ${shortageSentence(question.shortage)}`] : [];
      return progressOf([...asked, `🙋 Answered${byWhom(event.by)}: ${oneLine(event.answer, width)}`], rest);
    }
    case 'task.reworded':
      return progressOf([`✏️  The task is now: ${oneLine(event.text, width)}`], state);
    case 'task.waiting':
      return renderWaiting(event, state);
    case 'task.resumed':
      return progressOf([`▶️  Going on: ${oneLine(event.reason, width)}`], state, working('The work goes on'));
    case 'task.finished':
      return renderFinished(event, state);
  }
}

function renderAccepted(event: EventOf<'task.accepted'>, state: RenderState): Rendered {
  // What the developer is asked for within a project is told by its phase.
  if (isOfDeveloper(event, state)) return progressOf([], state);
  return progressOf(acceptedLines(event), {
    ...state,
    agent: event.agent,
    promptLimit: event.promptLimit,
    rehearsed: event.origin === 'demo',
    ...(event.repository ? { branch: event.repository.branch } : {}),
    ...(event.conversation === undefined ? {} : { conversation: event.conversation }),
    ...(event.toolRequest === undefined ? {} : { isToolWork: true }),
  });
}

function renderFinished(event: EventOf<'task.finished'>, state: RenderState): Rendered {
  if (isOfDeveloper(event, state)) return renderDevelopmentEnd(event, state);
  const finished = (result: readonly string[]): Rendered => ({ progress: [''], result, live: nothing, state });
  // Its report said everything.
  if (state.project?.isReported) return { ...finished([]), progress: [] };
  if (state.conversation !== undefined) return { ...finished(talkEndLines(event, state)), progress: [] };
  if (state.isToolWork) return finished(toolWorkLines(event, state));
  const isAnswering = state.answer !== undefined || (state.agent !== undefined && state.agent !== 'developer');
  if (isAnswering && !state.project) return { ...finished(answeredOutcomeLines(event, state)), progress: [] };
  return finished(outcomeLines(event.taskId, event.outcome, state));
}

function acceptedLines(event: EventOf<'task.accepted'>): string[] {
  if (event.conversation !== undefined) return talkLines(event, event.conversation);
  if (event.toolRequest !== undefined) return [`🛠️  Request ${event.toolRequest} (task ${event.taskId})`];
  const isDeveloper = event.agent === 'developer';
  const model = event.origin === 'demo' ? 'rehearsed model' : event.model;
  return [
    ...(event.origin === 'demo' ? [rehearsalLine(isDeveloper), ''] : []),
    `🤖 ${agentNames[event.agent]} Agent Starting...`,
    ...(isDeveloper ? [`🔗 Connecting to Claude Code... (${model})`] : []),
    `🔥 Prompts remaining: ${event.promptLimit}`,
    '',
    `📝 Task: ${oneLine(event.text, 400)}`,
    ...(event.continues ? [`⛓️  Continues task ${event.continues}, in its session`] : []),
    ...(event.repository ? [`🌿 Repository: ${event.repository.path}, branch ${event.repository.branch}`] : []),
    ...(event.night ? [`🌙 Unattended, night of ${event.night}: questions are answered as configured`] : []),
    `📁 Workspace: ${event.workspace} (task ${event.taskId})`,
    ...(isDeveloper ? ['🤔 Analyzing task complexity...'] : []),
  ];
}

function talkLines({ origin, promptLimit, taskId }: EventOf<'task.accepted'>, conversation: string): string[] {
  return [
    ...(origin === 'demo' ? [rehearsalLine(false), ''] : []),
    `💬 Conversation ${conversation} (task ${taskId})`,
    `🔥 Prompts remaining: ${promptLimit}`,
  ];
}

function rehearsalLine(isDeveloper: boolean): string {
  return isDeveloper
    ? '🎭 Rehearsal: Claude Code, files, commands and tests are real; the model behind it is a script.'
    : '🎭 Rehearsal: what is built and tested is real; the model behind every agent is a script.';
}

function grantedLine({ scope, measure, amount, by }: EventOf<'budget.granted'>): string {
  const whom =
    scope === 'all' ? ' for all tasks together' : scope.startsWith('task:') ? '' : ` for ${scope.replace(':', ' ')}`;
  return `💰 Granted${byWhom(by)}: ${amountOf(measure, amount)} more${whom}`;
}

function movedLine({ from, to, prompts, by }: EventOf<'budget.moved'>): string {
  const whom = by === 'project-manager' ? ' by the Project Manager' : '';
  return `🔀 Moved${whom}: ${counted(prompts, 'prompt')} of this cycle from ${agentNames[from]} to ${agentNames[to]}`;
}

function byWhom(by: EventOf<'budget.granted'>['by']): string {
  return by === 'unattended' ? ' as written down for the night' : '';
}

function renderQuestion(event: EventOf<'question.asked'>, state: RenderState): Rendered {
  const { shortage, ...rest } = state;
  const { questionId: id, kind, text, choices } = event;
  const question = {
    id,
    kind,
    text,
    ...(choices ? { choices } : {}),
    ...(kind === 'grant' && shortage ? { shortage } : {}),
  };
  return { progress: [], result: [], state: { ...rest, question } };
}

function renderWaiting(event: EventOf<'task.waiting'>, state: RenderState): Rendered {
  const reason = oneLine(event.reason, width);
  if (event.until !== undefined) {
    const until = localTime(new Date(event.until), Date.parse(event.at));
    const text = `Waiting until ${until}`;
    return {
      progress: [`⏳ ${text}, then it goes on by itself: ${reason}`],
      result: [],
      live: { text, kind: 'waiting' },
      state,
    };
  }
  if (event.questionId === undefined) {
    return { progress: [`⏳ Waiting: ${reason}`], result: [], live: { text: 'Waiting', kind: 'waiting' }, state };
  }
  const { questionId: id } = event;
  const asked = state.question?.id === id ? state.question : { id, kind: 'question' as const, text: reason };
  if (state.shownQuestion === id) return progressOf([], state, nothing);
  return { progress: [''], result: waitingLines(asked), live: nothing, state: { ...state, shownQuestion: id } };
}
