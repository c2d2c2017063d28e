import type { AgentRole } from '../domain/agent.ts';
import type { Analysis } from '../domain/analysis.ts';

/** What an agent that works through Claude Code brings with it. All texts are for the model, none for people. */
export type AgentDefinition = {
  readonly role: AgentRole;
  /** Who it is and how it works; the same in every round. `workspaceInstructions` is the workspace's own CLAUDE.md. */
  instructions(workspaceInstructions: string | undefined): string;
  /** Asks for the first round. */
  firstPrompt(text: string, analysis: Analysis): string;
  /** Asks to mend what our own test run found. */
  mendPrompt(failures: string): string;
  /** Goes on after the process was ended in the middle of a round; `asked` is the prompt of that round. */
  resumePrompt(asked: string): string;
};
