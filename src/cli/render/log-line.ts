import { counted, duration } from '../../domain/amounts.ts';
import type { SpiralEvent } from '../../domain/event.ts';
import { sentenceOfToolDecision } from '../../domain/tool-decision.ts';
import { sentenceOfOutcome } from '../../domain/tool-request.ts';
import { amountOf } from '../amounts.ts';
import { oneLine } from '../plain-text.ts';
import { sentenceOfBuiltTool } from './built-tools.ts';
import { inefficiencySentence } from './inefficiency.ts';
import { shortageSentence } from './shortage.ts';
import { counts, mark } from './signs.ts';

/** One event as a line of the log: `spiral events`. The whole of it is there with `--json`. */
export function logLine(event: SpiralEvent): string {
  const time = event.at.slice(0, 19).replace('T', ' ');
  const text = oneLine(textOf(event), 120);
  return `${String(event.id).padStart(6)}  ${time}  ${(event.taskId ?? '').padEnd(8)}  ${event.type.padEnd(17)} ${text}`.trimEnd();
}

/** The most telling of an event. */
function textOf(event: SpiralEvent): string {
  switch (event.type) {
    case 'task.accepted':
    case 'task.reworded':
    case 'question.asked':
      return event.text;
    case 'task.analysed':
      return event.complexity;
    case 'task.waiting':
      return event.until === undefined ? event.reason : `until ${event.until}: ${event.reason}`;
    case 'task.resumed':
      return event.reason;
    case 'task.finished':
      return `${event.outcome.status}: ${event.outcome.summary}`;
    case 'prompt.spent':
      return `${event.used} of ${event.limit}`;
    case 'engine.started':
      return event.sessionId;
    case 'engine.finished':
      return event.error ?? event.sessionId;
    case 'progress':
      // Quoted, as everywhere: the model's own words, which nobody has checked.
      return event.by === 'model' ? `“${event.text}”` : event.text;
    case 'file.changed':
      return `${event.change} ${event.path}`;
    case 'command.ran':
      return `${mark(event.success)} ${event.command}`;
    case 'tests.ran':
      return `${event.command} ${counts(event)} (${event.baseline ? 'before the work' : event.by})`;
    case 'tests.missing':
      return `${event.count} ${event.how}: ${event.tests.join(', ')}`;
    case 'budget.exhausted':
      return shortageSentence(event);
    case 'budget.granted':
      return `${amountOf(event.measure, event.amount)} for ${event.scope} (${event.by})`;
    case 'budget.moved':
      return `${event.prompts} prompts from ${event.from} to ${event.to} (${event.by})`;
    case 'agent.inefficient':
      return inefficiencySentence(event);
    case 'question.answered':
      return `${event.answer} (${event.by})`;
    case 'agent.asked':
      return `${event.agent}: ${event.question}`;
    case 'agent.answered': {
      const ended = event.error ?? `after ${duration(event.durationMs)}${event.askedAgain ? ', asked twice' : ''}`;
      return `${event.agent}: ${event.question}, ${ended}`;
    }
    case 'task.answered':
      return `${event.agent}: ${event.answer.kind}`;
    case 'project.planned':
      return `${event.title}: ${counted(event.phases.length, 'phase')}, revision ${event.revision}`;
    case 'plan.challenged':
      return counted(event.challenges.length, 'challenge');
    case 'plan.settled':
      return `${event.rulings.filter(({ accepted }) => accepted).length} of ${event.rulings.length} accepted`;
    case 'phase.started':
      return `${event.number} of ${event.of}, attempt ${event.attempt}, task ${event.developmentTask}: ${event.phase}`;
    case 'phase.reviewed':
      return `${event.verdict}, ${counted(event.findings.length, 'finding')}: ${event.phase}`;
    case 'phase.evaluated':
      return `${mark(event.isDone)} attempt ${event.attempt}: ${event.phase}`;
    case 'phase.finished':
      return `${event.number} of ${event.of} ${event.status}: ${event.phase}`;
    case 'message.sent':
      return `${event.number}. ${event.author}: “${event.text}”`;
    case 'message.declined':
      return `${event.number}. ${event.agent}: ${event.reason}`;
    case 'message.undeliverable':
      return `${event.number}. for ${event.agent}: ${event.reason}`;
    case 'conversation.escalated':
    case 'conversation.closed':
      return event.reason;
    case 'tool-request.filed':
      return `${event.name} (${event.requestId}), by ${event.agent}${event.isBlocking ? ', blocking' : ''}`;
    case 'tool-request.assessed':
      return `${event.requestId}: ${event.card.recommendation.decision}`;
    case 'tool-request.decided':
      return `${event.requestId}: ${sentenceOfToolDecision(event.decision)}`;
    case 'tool-request.closed':
      return sentenceOfOutcome(event.name, event.outcome);
    case 'tool-build.advanced':
      return `${event.toolName}: ${event.stage}, ${Math.round(event.progress * 100)}%`;
    case 'tool-build.proved':
      return `${mark(event.isGreen)} ${event.toolName}, attempt ${event.attempt}`;
    case 'tool.registered':
    case 'tool.served':
    case 'tool.retired':
    case 'tool.restored':
    case 'tool.used':
      return sentenceOfBuiltTool(event);
    case 'project.finished':
      return `${event.report.status}${event.report.verified ? ', verified' : ''}: ${event.report.title}`;
  }
}
