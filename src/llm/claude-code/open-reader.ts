import type { Engine } from '../../engine/engine.ts';
import type { Reader } from '../llm.ts';
import { askSession } from './ask-session.ts';

/** Questions about a workspace, by a coding agent that can read there and change nothing. */
export function openReader(engine: Engine): Reader {
  return {
    isMetered: engine.isMetered,
    read: (question, signal, heard) => askSession(engine, { ...question, tools: 'read' }, signal, heard),
  };
}
