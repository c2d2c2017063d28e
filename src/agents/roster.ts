import type { AgentRole } from '../domain/agent.ts';
import type { AgentDefinition } from './agent-definition.ts';
import { developer } from './developer/definition.ts';

/** The agents that can be given a task. A role that is missing here has a name and no one behind it yet. */
export const roster: Readonly<Partial<Record<AgentRole, AgentDefinition>>> = { developer };
