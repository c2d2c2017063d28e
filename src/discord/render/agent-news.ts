import type { AgentRole } from '../../domain/agent.ts';
import type { SpiralEvent } from '../../domain/event.ts';
import { plainText } from '../../domain/plain-text.ts';
import type { OutgoingFile } from '../outbox/outgoing.ts';
import type { TaskCard } from './card/card.ts';
import { percentDone } from './card/phases.ts';
import { cutMarkdown, plain, plainLine } from './text.ts';

export type AgentNews = {
  readonly voice: AgentRole;
  readonly text: string;
  readonly files?: readonly OutgoingFile[];
};

const longestName = 120;
/** With room for the name of the agent before it, and for what is said of a file. */
const longestText = 1_850;

/**
 * What an agent says in a message of its own: in a project the plan, what came of each phase, and whatever was sent back; in a
 * conversation every word. All else is seen on the card.
 */
export function agentNews(event: SpiralEvent, card: TaskCard): AgentNews | undefined {
  if (event.type === 'message.sent') {
    return card.isTalk && event.author !== 'human' ? speech(event.author, event.text) : undefined;
  }
  if (event.type === 'project.planned') return said('project-manager', planWords(event));
  if (event.type === 'phase.finished') {
    return said(event.status === 'done' ? 'developer' : 'project-manager', phaseWords(event, card));
  }
  if (event.type !== 'phase.reviewed' || event.verdict === 'passed') return undefined;
  const { phase, reason, attempt } = event;
  const words = `🔁 ${plainLine(phase, longestName)}, attempt ${attempt}, is not good yet: ${plainLine(reason, 400)}`;
  return said('quality-assurance', words);
}

/** What is too long for a message comes whole, as a file. */
function speech(voice: AgentRole, words: string): AgentNews {
  const text = plain(words);
  if (text.length <= longestText) return { voice, text };
  const file = { name: 'message.md', content: new TextEncoder().encode(plainText(words)) };
  return { voice, text: `${cutMarkdown(text, longestText)}\n-# 📎 cut: all of it is in message.md`, files: [file] };
}

function said(voice: AgentRole, text: string): AgentNews {
  return { voice, text: cutMarkdown(text, longestText) };
}

function planWords({ phases, revision }: Extract<SpiralEvent, { type: 'project.planned' }>): string {
  const [first] = phases;
  return [
    revision === 1 ? '📋 Breaking this down into phases…' : `📋 The plan was changed (revision ${revision}):`,
    ...phases.map(({ name }, index) => `Phase ${index + 1}: ${plainLine(name, longestName)}`),
    ...(first ? [`@dev starting with Phase 1: ${plainLine(first.name, longestName)}`] : []),
  ].join('\n');
}

function phaseWords(event: Extract<SpiralEvent, { type: 'phase.finished' }>, card: TaskCard): string {
  const { number, phase, status } = event;
  const name = plainLine(phase, longestName);
  const tests =
    card.tests?.by === 'spiral' && card.tests.passed > 0 && card.tests.failed === 0
      ? ` with ${card.tests.passed} tests passing`
      : '';
  const next = card.phases.find((one) => one.status === 'open');
  return [
    status === 'done' ? `✅ Phase ${number} complete - ${name}${tests}` : `⏭️ Phase ${number} skipped - ${name}`,
    `📊 Project status: ${percentDone(card.phases)}% complete.${next ? ` ${plainLine(next.name, longestName)} next…` : ''}`,
  ].join('\n');
}
