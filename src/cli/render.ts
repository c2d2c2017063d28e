import type { AgentRole } from '../domain/agent.ts';
import type { SpiralEvent } from '../domain/event.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import { oneLine } from './plain-text.ts';

/** What one event puts on the screen. `progress` goes to stderr, `result` to stdout; `live` replaces the status line. */
export type Rendered = {
  readonly progress: readonly string[];
  readonly result: readonly string[];
  readonly live?: string;
  readonly state: RenderState;
};

/** What earlier events left to be said with a later one. */
export type RenderState = {
  readonly promptLimit: number;
  readonly rehearsed: boolean;
  /** Counts that were read from the command that is told of next. */
  readonly agentTests?: { readonly passed: number; readonly failed: number };
};

export const firstState: RenderState = { promptLimit: 0, rehearsed: false };

const width = 110;
const listed = 15;

const agentNames: Readonly<Record<AgentRole, string>> = {
  developer: 'Developer',
  'project-manager': 'Project Manager',
  'quality-assurance': 'QA',
  'decision-maker': 'Decision Maker',
  'creative-innovator': 'Creative Innovator',
  'process-coach': 'Process Coach',
};

/** One event as the lines of the terminal. Pure. */
export function render(event: SpiralEvent, state: RenderState): Rendered {
  const progress = (lines: readonly string[], next: RenderState = state, live?: string): Rendered => ({
    progress: lines,
    result: [],
    state: next,
    ...(live === undefined ? {} : { live }),
  });
  switch (event.type) {
    case 'task.accepted':
      return progress(
        [
          ...(event.origin === 'demo'
            ? ['🎭 Rehearsal: Claude Code, files, commands and tests are real; the model behind it is a script.', '']
            : []),
          `🤖 ${agentNames[event.agent]} Agent Starting...`,
          `🔗 Connecting to Claude Code... (${event.origin === 'demo' ? 'rehearsed model' : event.model})`,
          `🔥 Prompts remaining: ${event.promptLimit}`,
          '',
          `📝 Task: ${oneLine(event.text, 400)}`,
          `📁 Workspace: ${event.workspace} (task ${event.taskId})`,
          '🤔 Analyzing task complexity...',
        ],
        { ...state, promptLimit: event.promptLimit, rehearsed: event.origin === 'demo' },
      );
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
        state,
        'Starting Claude Code',
      );
    case 'engine.started':
      return progress(
        ['', event.resumed ? '🔄 Claude Code Session Resumed...' : '🔄 Claude Code Session Starting...'],
        state,
        'Claude Code is thinking',
      );
    case 'progress':
      return renderProgress(event, state);
    case 'tests.ran':
      if (event.by === 'agent') return progress([], { ...state, agentTests: event });
      return progress([
        `🧪 Spiral ran ${oneLine(event.command, 60)}: ${mark(event.failed === 0 && event.exitCode === 0)} ${counts(event)}`,
      ]);
    case 'command.ran': {
      const { agentTests: tests, ...rest } = state;
      const said = tests ? ` ${tests.passed} tests passed, ${tests.failed} failed` : '';
      const error = event.success || said !== '' ? '' : ` ${failureOf(event)}`;
      const command = oneLine(event.command, 70);
      return progress(
        [`[Claude Code] Running ${command}... ${mark(event.success)}${said}${error}`],
        rest,
        'Claude Code is thinking',
      );
    }
    case 'engine.finished':
      return progress(
        event.error === undefined
          ? ['🔄 Claude Code Session Complete']
          : [`🔄 Claude Code Session Ended: ${oneLine(event.error, width)}`],
        state,
        event.error === undefined ? 'Spiral is running the tests' : '',
      );
    case 'file.changed':
      return progress([]);
    case 'task.waiting':
      return progress([`⏳ Waiting: ${oneLine(event.reason, width)}`], state, 'Waiting');
    case 'task.resumed':
      return progress([`▶️  Going on: ${oneLine(event.reason, width)}`]);
    case 'task.finished':
      return { progress: [''], result: report(event.taskId, event.outcome, state), live: '', state };
  }
}

function renderProgress(event: SpiralEvent & { readonly type: 'progress' }, state: RenderState): Rendered {
  const text = oneLine(event.text, width);
  const nothing = { result: [], state };
  switch (event.by) {
    case 'model':
      // Quoted: these are the model's words, which nobody has checked.
      return { ...nothing, progress: [`[Claude Code] “${text}”`], live: 'Claude Code is thinking' };
    case 'tool':
      // A command gets its line when it has come back, with how it ended.
      return { ...nothing, progress: text.startsWith('Running ') ? [] : [`[Claude Code] ${text}`], live: text };
    case 'engine':
      return { ...nothing, progress: [`[Claude Code] ⚠️  ${text}`] };
    case 'spiral':
      return { ...nothing, progress: [`ℹ️  ${text}`] };
  }
}

function report(taskId: string, outcome: TaskOutcome, state: RenderState): string[] {
  const { tests } = outcome;
  return [
    '📊 Results from Claude Code:',
    ...some(outcome.filesCreated, (path) => `- Created ${oneLine(path, width)}`, 'files created'),
    ...some(outcome.filesModified, (path) => `- Modified ${oneLine(path, width)}`, 'files modified'),
    ...some(outcome.filesDeleted, (path) => `- Deleted ${oneLine(path, width)}`, 'files deleted'),
    ...(outcome.filesCreated.length + outcome.filesModified.length + outcome.filesDeleted.length === 0
      ? ['- No files changed']
      : []),
    ...some(
      outcome.commands,
      (ran) => `- Executed: ${oneLine(ran.command, 70)} ${mark(ran.success)}${ran.success ? '' : ` ${failureOf(ran)}`}`,
      'commands executed',
    ),
    tests
      ? `- Tests: ${counts(tests)} (run by Spiral: ${tests.commands.map((command) => oneLine(command, 40)).join(', ')})`
      : '- Tests: none were run by Spiral',
    ...(outcome.claim ? [`- Claude Code says (not checked): “${oneLine(outcome.claim, width)}”`] : []),
    '',
    `🔥 Prompts used: ${outcome.promptsUsed}/${state.promptLimit} (Claude Code handled the complexity)`,
    `⏱️  ${duration(outcome.durationMs)} · ${state.rehearsed ? 'no money was spent: the model is rehearsed' : money(outcome.costUsd)}`,
    ...closing(taskId, outcome),
  ];
}

function closing(taskId: string, { status, verified, reason }: TaskOutcome): string[] {
  const why = reason ? oneLine(reason, 300) : status;
  if (status === 'succeeded' && verified) return ['✨ Task completed successfully via Claude Code!'];
  const details = `details: spiral tasks show ${taskId} --output`;
  if (status === 'succeeded') return [`⚠️  Task completed, but NOT verified: ${why} - ${details}`];
  if (status === 'cancelled') return [`⚠️  Task cancelled - ${details}`];
  return [`⚠️  Task completed with issues (${status}): ${why} - ${details}`];
}

function some<Item>(items: readonly Item[], line: (item: Item) => string, what: string): string[] {
  const shown = items.slice(0, listed).map(line);
  const rest = items.length - shown.length;
  return rest > 0 ? [...shown, `- … and ${rest} more ${what}`] : shown;
}

function counts({
  passed,
  failed,
  skipped,
}: {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Why a command failed: the first line that it printed, unless that is only the heading of a report. */
function failureOf({ error, exitCode }: { readonly error?: string; readonly exitCode: number | null }): string {
  if (error !== undefined && !error.startsWith('TAP version')) return oneLine(error, 60);
  return exitCode === null ? 'did not end by itself' : `exit code ${exitCode}`;
}

function mark(good: boolean): string {
  return good ? '✅' : '❌';
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** USD as the engine estimated it. */
export function money(usd: number): string {
  return `about $${usd < 0.01 && usd > 0 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
