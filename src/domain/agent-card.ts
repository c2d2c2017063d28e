import type { AgentRole } from './agent.ts';

/** `building`: through Claude Code, with all its tools; `reading`: through Claude Code, with tools that only look; `thinking`: it asks the model directly. */
export type AgentWay = 'building' | 'reading' | 'thinking';

/** One text that an agent is asked with. */
export type TemplateCard = {
  readonly name: string;
  readonly text: string;
  /** The file of a person that stands in for ours; absent when it is ours. */
  readonly override?: string;
};

/** An agent as people get to know it. */
export type AgentCard = {
  readonly role: AgentRole;
  /** One sentence. */
  readonly duty: string;
  readonly way: AgentWay;
  readonly model: string;
  /** Prompts that one task may spend. */
  readonly promptLimit: number;
  /** As it is configured: whether it may use GitHub, once something of ours does. */
  readonly githubIntegration: boolean;
  readonly templates: readonly TemplateCard[];
};
