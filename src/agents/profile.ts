import type { AgentRole } from '../domain/agent.ts';
import type { AgentWay } from '../domain/agent-card.ts';
import type { TemplateShape } from './template.ts';

/** What is known of an agent before any model is asked. */
export type AgentProfile = {
  readonly role: AgentRole;
  /** One sentence, for people. */
  readonly duty: string;
  readonly way: AgentWay;
  /** Its prompt templates by name: `<name>.md` in the folder of the role. */
  readonly templates: Readonly<Record<string, TemplateShape>>;
};

/** The texts of an agent's templates. */
export type TemplatesOf<Profile extends AgentProfile> = { readonly [Name in keyof Profile['templates']]: string };
