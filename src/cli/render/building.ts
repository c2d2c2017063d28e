import type { SpiralEvent } from '../../domain/event.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { oneLine } from '../plain-text.ts';
import { missingLine } from './evidence.ts';
import { capital } from './listing.ts';
import { nothing, working } from './live.ts';
import { counts, failureOf, mark, width } from './signs.ts';
import { type EventOf, isOfDeveloper, progressOf, type Rendered, type ScreenState } from './state.ts';

export type BuildingEvent = EventOf<
  | 'task.analysed'
  | 'prompt.spent'
  | 'engine.started'
  | 'engine.finished'
  | 'progress'
  | 'file.changed'
  | 'command.ran'
  | 'tests.ran'
  | 'tests.missing'
>;

const thinking = working('Claude Code is thinking');

/** The work of Claude Code and our check of it: of a task of its own, within a project, or while an agent reads the code. */
export function renderBuilding(event: BuildingEvent, state: ScreenState): Rendered {
  const isInside = isOfDeveloper(event, state);
  switch (event.type) {
    case 'task.analysed':
      return progressOf(isInside ? [] : analysedLines(event), state);
    case 'prompt.spent':
      return renderPrompt(event, state);
    case 'engine.started':
      return progressOf(startedLines(event, state), state, working(`${speakerOf(event, state)} is thinking`));
    case 'progress':
      return renderProgress(event, state);
    case 'tests.ran':
      if (event.by === 'agent') return progressOf([], { ...state, agentTests: event });
      return progressOf([testsLine(event)], state);
    case 'tests.missing':
      return progressOf([`🕳️  ${missingLine(event)}`], state);
    case 'command.ran': {
      const { agentTests: tests, ...rest } = state;
      const said = tests ? ` ${tests.passed} tests passed, ${tests.failed} failed` : '';
      const error = event.success || said !== '' ? '' : ` ${failureOf(event)}`;
      const text = `Running ${oneLine(event.command, 70)}... ${mark(event.success)}${said}${error}`;
      return progressOf([`${voiceOf(event, state)}${text}`], rest, thinking);
    }
    case 'engine.finished':
      return renderEngineEnd(event, state);
    case 'file.changed':
      return progressOf([], state);
  }
}

function analysedLines(event: EventOf<'task.analysed'>): string[] {
  const language =
    event.language === 'unknown'
      ? 'not named'
      : `${oneLine(event.language, 40)} (${Math.round(event.confidence * 100)}% sure)`;
  return [
    `📊 Task Complexity: ${capital(event.complexity)} - delegating to Claude Code with ${event.strategy} strategy`,
    `🗣️  Language: ${language}`,
  ];
}

/** A limit rises when more is granted; that of a developer's task in a project is not the project's. */
function renderPrompt(event: EventOf<'prompt.spent'>, state: ScreenState): Rendered {
  const { agent, round, limit } = event;
  const isInside = isOfDeveloper(event, state);
  const next = isInside ? state : { ...state, promptLimit: limit };
  if (agent !== 'developer') return progressOf([], next, working(`${agentNames[agent]} is thinking`));
  const text = `Round ${round}: asking Claude Code to mend what failed`;
  const lines = round === 1 ? [] : isInside ? [`🔁 Dev Agent: ${text}`] : ['', `🔁 ${text}`];
  return progressOf(lines, next, working('Starting Claude Code'));
}

function startedLines(event: EventOf<'engine.started'>, state: ScreenState): string[] {
  if (!isBuilding(event, state)) return [];
  if (isOfDeveloper(event, state)) return event.resumed ? ['🔄 Claude Code: session resumed'] : [];
  return ['', event.resumed ? '🔄 Claude Code Session Resumed...' : '🔄 Claude Code Session Starting...'];
}

function renderEngineEnd(event: EventOf<'engine.finished'>, state: ScreenState): Rendered {
  const error = event.error === undefined ? undefined : oneLine(event.error, width);
  if (!isBuilding(event, state)) {
    const lines = error === undefined ? [] : [`${voiceOf(event, state)}⚠️  ended: ${error}`];
    return progressOf(lines, state, error === undefined ? working(`${speakerOf(event, state)} is thinking`) : nothing);
  }
  if (error !== undefined) {
    const inside = isOfDeveloper(event, state);
    const line = inside ? `🔄 Claude Code: ⚠️  ended: ${error}` : `🔄 Claude Code Session Ended: ${error}`;
    return progressOf([line], state, nothing);
  }
  const lines = isOfDeveloper(event, state) ? [] : ['🔄 Claude Code Session Complete'];
  return progressOf(lines, state, working('Spiral is running the tests'));
}

function renderProgress(event: EventOf<'progress'>, state: ScreenState): Rendered {
  const text = oneLine(event.text, width);
  const voice = voiceOf(event, state);
  switch (event.by) {
    case 'model':
      // Quoted: these are the model's words, which nobody has checked.
      return progressOf([`${voice}“${text}”`], state, working(`${speakerOf(event, state)} is thinking`));
    case 'tool':
      // A command gets its line when it has come back, with how it ended.
      return progressOf(text.startsWith('Running ') ? [] : [`${voice}${text}`], state, working(text));
    case 'engine':
      return progressOf([`${voice}⚠️  ${text}`], state, { text, kind: 'trouble' });
    case 'spiral':
      return progressOf([`ℹ️  ${text}`], state);
  }
}

function testsLine(event: EventOf<'tests.ran'>): string {
  const { failed, exitCode } = event;
  // What was red before the work is a fact to know, not yet a failure of anybody's.
  if (event.baseline) return `🧪 Before the work: ${counts(event)} (${oneLine(event.command, 60)})`;
  return `🧪 Spiral ran ${oneLine(event.command, 60)}: ${mark(failed === 0 && exitCode === 0)} ${counts(event)}`;
}

/** False while an agent uses Claude Code only to read. */
function isBuilding(event: SpiralEvent, state: ScreenState): boolean {
  return isOfDeveloper(event, state) || readerOf(state) === undefined;
}

function readerOf({ asked, agent }: ScreenState) {
  if (asked?.isOpen) return asked.agent;
  return agent === 'developer' ? undefined : agent;
}

function speakerOf(event: SpiralEvent, state: ScreenState): string {
  const reader = readerOf(state);
  return reader === undefined || isOfDeveloper(event, state) ? 'Claude Code' : agentNames[reader];
}

/** What stands before a line of the work, so that it is seen whose it is. */
function voiceOf(event: SpiralEvent, state: ScreenState): string {
  if (isOfDeveloper(event, state)) return '🔄 Claude Code: ';
  const reader = readerOf(state);
  return reader === undefined ? '[Claude Code] ' : `${agentSigns[reader]} ${agentNames[reader]}: `;
}
