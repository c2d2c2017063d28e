import type { GateReport } from '../../domain/gate-report.ts';
import { sentenceOfOutcome } from '../../domain/tool-request.ts';
import { agentNames } from '../agent-names.ts';
import { oneLine } from '../plain-text.ts';
import { working } from './live.ts';
import { costLine, type OutcomeSetting } from './outcome.ts';
import { mark, width } from './signs.ts';
import { type EventOf, progressOf, type Rendered, type ScreenState } from './state.ts';

export type ToolingEvent = EventOf<
  | 'tool-request.filed'
  | 'tool-request.assessed'
  | 'tool-request.decided'
  | 'tool-request.closed'
  | 'tool-build.advanced'
  | 'tool-build.proved'
>;

/** A tool that is missed, decided on and built. */
export function renderTooling(event: ToolingEvent, state: ScreenState): Rendered {
  switch (event.type) {
    case 'tool-request.filed':
      return progressOf(filedLines(event), state);
    // The question that follows shows the card, and its answer the decision.
    case 'tool-request.assessed':
    case 'tool-request.decided':
      return progressOf([], state);
    case 'tool-request.closed':
      return progressOf(
        [
          `${event.outcome.kind === 'built' ? '🛠️' : 'ℹ️'}  ${oneLine(sentenceOfOutcome(event.name, event.outcome), width)}`,
        ],
        state,
      );
    case 'tool-build.advanced': {
      const text = `${stages[event.stage]}: ${event.toolName}`;
      return progressOf([`🛠️  ${percent(event.progress)} ${text}`], state, working(text));
    }
    case 'tool-build.proved':
      return progressOf(['', `🚦 The gate, attempt ${event.attempt}:`, ...gateLines(event.report), ''], state);
  }
}

/** How the work on a request ends. */
export function toolWorkLines(
  { taskId, outcome }: EventOf<'task.finished'>,
  setting: ScreenState & OutcomeSetting,
): string[] {
  const { status, verified, promptsUsed, reason = '' } = outcome;
  const closing = verified
    ? `✨ ${oneLine(reason, width)}`
    : `${status === 'succeeded' ? 'ℹ️ ' : '⚠️ '} ${oneLine(reason, width)}`;
  return [
    `🔥 Prompts used: ${promptsUsed}`,
    costLine(outcome, setting),
    status === 'succeeded' ? closing : `${closing} - details: spiral tasks show ${taskId} --output`,
  ];
}

/** The table of the gate, with what was found where it is red. */
export function gateLines({ rows }: Pick<GateReport, 'rows'>, mostFindings = 5): string[] {
  const widest = Math.max(...rows.map(({ check }) => check.length));
  return rows.flatMap(({ check, verdict, detail, findings }) => [
    `   ${verdict === 'not-run' ? '·' : mark(verdict === 'passed')} ${check.padEnd(widest)}  ${oneLine(detail, width)}`,
    ...(verdict === 'failed'
      ? findings.slice(0, mostFindings).map((finding) => `       ${oneLine(finding, width)}`)
      : []),
  ]);
}

function filedLines({
  agent,
  name,
  description,
  requestId,
  joined,
  isBlocking,
}: EventOf<'tool-request.filed'>): string[] {
  const who = agent === 'human' ? 'You' : agentNames[agent];
  return [
    `🛠️  ${who} ${joined ? 'also asks' : 'asks'} for the tool ${name} (request ${requestId}): ${oneLine(description, width)}`,
    ...(isBlocking ? ['   The task sleeps until it is there, or refused.'] : []),
  ];
}

const stages: Readonly<Record<EventOf<'tool-build.advanced'>['stage'], string>> = {
  planning: 'Planning',
  researching: 'Researching',
  implementing: 'Implementing',
  testing: 'Testing',
  documenting: 'Documenting',
  complete: 'Complete',
  failed: 'Failed',
};

function percent(progress: number): string {
  return `${Math.round(progress * 100)}%`.padStart(4);
}
