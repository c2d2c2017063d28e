import { oneLine } from '../plain-text.ts';
import { width } from './signs.ts';
import { type EventOf, progressOf, type Rendered, type ScreenState } from './state.ts';

export type BuiltToolEvent = EventOf<
  'tool.registered' | 'tool.served' | 'tool.retired' | 'tool.restored' | 'tool.used'
>;

/** What becomes of tools that were built. */
export function renderBuiltTool(event: BuiltToolEvent, state: ScreenState): Rendered {
  // The call itself is told where the agent makes it.
  if (event.type === 'tool.used') return progressOf([], state);
  return progressOf([`🛠️  ${oneLine(sentenceOfBuiltTool(event), width)}`], state);
}

export function sentenceOfBuiltTool(event: BuiltToolEvent): string {
  switch (event.type) {
    case 'tool.registered':
      return `${event.name} ${event.version} was adopted${event.adopted === 'beforehand' ? ', as decided beforehand' : ''}`;
    case 'tool.served':
      return `${event.name} ${event.version} is used from now on: ${event.reason}`;
    case 'tool.retired':
      return `${event.name} was retired: ${event.reason}`;
    case 'tool.restored':
      return `${event.name} is offered again`;
    case 'tool.used':
      return `${event.name} ${event.version} by ${event.agent}: ${event.outcome}, ${event.durationMs} ms`;
  }
}
