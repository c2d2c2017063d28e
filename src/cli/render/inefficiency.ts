import { counted } from '../../domain/amounts.ts';
import { agentNames } from '../agent-names.ts';
import type { EventOf } from './state.ts';

/** Which agent gives less for what it spends than is expected of it, and by how much. */
export function inefficiencySentence({
  agent,
  efficiency,
  expected,
  median,
  tasks,
  since,
}: EventOf<'agent.inefficient'>): string {
  const figures = `efficiency ${efficiency.toFixed(2)}, threshold ${expected}, team median ${median.toFixed(2)}`;
  return `${agentNames[agent]}: ${figures}, ${counted(tasks, 'task')} since ${since.slice(0, 10)}; the coach is told`;
}
