import type { News, SpiralEvent } from '../../domain/event.ts';
import type { MachineId } from '../../domain/identifiers.ts';
import type { Live } from '../render/live.ts';
import { firstState, type RenderState, render } from '../render.ts';
import { taskId } from './tasks.ts';

export const accepted: News & { readonly type: 'task.accepted' } = {
  type: 'task.accepted',
  taskId,
  text: 'Create a Rust web scraper',
  agent: 'developer',
  origin: 'cli',
  workspace: '/home/ada/agent-workspace',
  machine: 'machine' as MachineId,
  model: 'sonnet',
  promptLimit: 50,
};

export type Screen = { progress: string[]; result: string[]; live: Live | undefined };

/** Everything that a run puts on the two streams. */
export function screen(...news: News[]): Screen {
  return screenFrom(firstState, ...news);
}

export function screenFrom(first: RenderState, ...news: News[]): Screen {
  let state = first;
  let live: Live | undefined;
  const progress: string[] = [];
  const result: string[] = [];
  news.forEach((one, index) => {
    const event: SpiralEvent = { id: index + 1, at: '2026-01-01T00:00:00.000Z', ...one };
    const rendered = render(event, state);
    state = rendered.state;
    progress.push(...rendered.progress);
    result.push(...rendered.result);
    live = rendered.live ?? live;
  });
  return { progress, result, live };
}

