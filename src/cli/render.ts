import type { SpiralEvent } from '../domain/event.ts';
import { agentNames } from './agent-names.ts';
import { amountOf } from './amounts.ts';
import { oneLine } from './plain-text.ts';
import { missingLine } from './render/evidence.ts';
import { type Live, nothing, working } from './render/live.ts';
import { type OutcomeSetting, outcomeLines } from './render/outcome.ts';
import { shortageSentence } from './render/shortage.ts';
import { counts, failureOf, mark, width } from './render/signs.ts';
import { type OpenQuestion, waitingLines } from './render/waiting.ts';
import { localTime } from './times.ts';

/** What one event puts on the screen. `progress` goes to stderr, `result` to stdout; `live` replaces the status line. */
export type Rendered = {
  readonly progress: readonly string[];
  readonly result: readonly string[];
  readonly live?: Live;
  readonly state: RenderState;
};

type EventOf<Type extends SpiralEvent['type']> = SpiralEvent & { readonly type: Type };

/** What earlier events left to be said with a later one. */
export type RenderState = OutcomeSetting & {
  /** Counts that were read from the command that is told of next. */
  readonly agentTests?: EventOf<'tests.ran'>;
  /** A limit that was reached: said with the question that follows, or before whatever else does. */
  readonly shortage?: EventOf<'budget.exhausted'>;
  /** Asked and not answered. */
  readonly question?: OpenQuestion;
};

export const firstState: RenderState = { promptLimit: 0, rehearsed: false, estimated: false };

const thinking = working('Claude Code is thinking');

/** One event as the lines of the terminal. Pure. */
export function render(event: SpiralEvent, state: RenderState): Rendered {
  const { shortage, ...rest } = state;
  if (!shortage || event.type === 'question.asked' || event.type === 'task.waiting') return renderOne(event, state);
  const rendered = renderOne(event, rest);
  return { ...rendered, progress: [`💰 ${shortageSentence(shortage)}`, ...rendered.progress] };
}

function renderOne(event: SpiralEvent, state: RenderState): Rendered {
  const progress = (lines: readonly string[], next: RenderState = state, live?: Live): Rendered => ({
    progress: lines,
    result: [],
    state: next,
    ...(live === undefined ? {} : { live }),
  });
  switch (event.type) {
    case 'task.accepted':
      return progress(acceptedLines(event), {
        ...state,
        promptLimit: event.promptLimit,
        rehearsed: event.origin === 'demo',
        ...(event.repository ? { branch: event.repository.branch } : {}),
      });
    case 'task.analysed': {
      const language =
        event.language === 'unknown' ? 'not named' : `${event.language} (${Math.round(event.confidence * 100)}% sure)`;
      return progress([
        `📊 Task Complexity: ${capital(event.complexity)} - delegating to Claude Code with ${event.strategy} strategy`,
        `🗣️  Language: ${language}`,
      ]);
    }
    case 'prompt.spent':
      return progress(
        event.round === 1 ? [] : ['', `🔁 Round ${event.round}: asking Claude Code to mend what failed`],
        { ...state, promptLimit: event.limit }, // It rises when more is granted.
        working('Starting Claude Code'),
      );
    case 'engine.started':
      return progress(
        ['', event.resumed ? '🔄 Claude Code Session Resumed...' : '🔄 Claude Code Session Starting...'],
        state,
        thinking,
      );
    case 'progress':
      return renderProgress(event, state);
    case 'tests.ran':
      if (event.by === 'agent') return progress([], { ...state, agentTests: event });
      return progress([testsLine(event)]);
    case 'tests.missing':
      return progress([`🕳️  ${missingLine(event)}`]);
    case 'command.ran': {
      const { agentTests: tests, ...rest } = state;
      const said = tests ? ` ${tests.passed} tests passed, ${tests.failed} failed` : '';
      const error = event.success || said !== '' ? '' : ` ${failureOf(event)}`;
      const command = oneLine(event.command, 70);
      return progress([`[Claude Code] Running ${command}... ${mark(event.success)}${said}${error}`], rest, thinking);
    }
    case 'engine.finished':
      return progress(
        event.error === undefined
          ? ['🔄 Claude Code Session Complete']
          : [`🔄 Claude Code Session Ended: ${oneLine(event.error, width)}`],
        state,
        event.error === undefined ? working('Spiral is running the tests') : nothing,
      );
    case 'file.changed':
      return progress([]);
    case 'budget.exhausted':
      return progress([], { ...state, shortage: event });
    case 'budget.granted':
      return progress([grantedLine(event)]);
    case 'question.asked':
      return renderQuestion(event, state);
    case 'question.answered': {
      const { question, ...rest } = state;
      const asked = question?.shortage ? [`💰 ${shortageSentence(question.shortage)}`] : [];
      return progress([...asked, `🙋 Answered${byWhom(event.by)}: ${oneLine(event.answer, width)}`], rest);
    }
    case 'task.waiting':
      return renderWaiting(event, state);
    case 'task.resumed':
      return progress([`▶️  Going on: ${oneLine(event.reason, width)}`], state, thinking);
    case 'task.finished':
      return { progress: [''], result: outcomeLines(event.taskId, event.outcome, state), live: nothing, state };
  }
}

function acceptedLines(event: EventOf<'task.accepted'>): string[] {
  return [
    ...(event.origin === 'demo'
      ? ['🎭 Rehearsal: Claude Code, files, commands and tests are real; the model behind it is a script.', '']
      : []),
    `🤖 ${agentNames[event.agent]} Agent Starting...`,
    `🔗 Connecting to Claude Code... (${event.origin === 'demo' ? 'rehearsed model' : event.model})`,
    `🔥 Prompts remaining: ${event.promptLimit}`,
    '',
    `📝 Task: ${oneLine(event.text, 400)}`,
    ...(event.continues ? [`⛓️  Continues task ${event.continues}, in its session`] : []),
    ...(event.repository ? [`🌿 Repository: ${event.repository.path}, branch ${event.repository.branch}`] : []),
    ...(event.night ? [`🌙 Unattended, night of ${event.night}: questions are answered as configured`] : []),
    `📁 Workspace: ${event.workspace} (task ${event.taskId})`,
    '🤔 Analyzing task complexity...',
  ];
}

function renderProgress(event: EventOf<'progress'>, state: RenderState): Rendered {
  const text = oneLine(event.text, width);
  const plain = { result: [], state };
  switch (event.by) {
    case 'model':
      // Quoted: these are the model's words, which nobody has checked.
      return { ...plain, progress: [`[Claude Code] “${text}”`], live: thinking };
    case 'tool':
      // A command gets its line when it has come back, with how it ended.
      return { ...plain, progress: text.startsWith('Running ') ? [] : [`[Claude Code] ${text}`], live: working(text) };
    case 'engine':
      return { ...plain, progress: [`[Claude Code] ⚠️  ${text}`], live: { text, kind: 'trouble' } };
    case 'spiral':
      return { ...plain, progress: [`ℹ️  ${text}`] };
  }
}

function testsLine(event: EventOf<'tests.ran'>): string {
  const { failed, exitCode } = event;
  // What was red before the work is a fact to know, not yet a failure of anybody's.
  if (event.baseline) return `🧪 Before the work: ${counts(event)} (${oneLine(event.command, 60)})`;
  return `🧪 Spiral ran ${oneLine(event.command, 60)}: ${mark(failed === 0 && exitCode === 0)} ${counts(event)}`;
}

function grantedLine({ scope, measure, amount, by }: EventOf<'budget.granted'>): string {
  const whom =
    scope === 'all' ? ' for all tasks together' : scope.startsWith('task:') ? '' : ` for ${scope.replace(':', ' ')}`;
  return `💰 Granted${byWhom(by)}: ${amountOf(measure, amount)} more${whom}`;
}

function byWhom(by: EventOf<'budget.granted'>['by']): string {
  return by === 'unattended' ? ' as written down for the night' : '';
}

function renderQuestion(event: EventOf<'question.asked'>, state: RenderState): Rendered {
  const { shortage, ...rest } = state;
  const { questionId: id, kind, text } = event;
  const question = { id, kind, text, ...(kind === 'grant' && shortage ? { shortage } : {}) };
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
  return { progress: [''], result: waitingLines(asked), live: nothing, state };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
