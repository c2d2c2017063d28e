import type { AgentRole } from '../domain/agent.ts';
import type { AgentDefinition } from './agent-definition.ts';
import { conversationQuestions } from './conversation-questions.ts';
import { creativeInnovatorQuestions } from './creative-innovator/questions.ts';
import { decisionMakerQuestions } from './decision-maker/questions.ts';
import { developerOf } from './developer/definition.ts';
import { processCoachQuestions } from './process-coach/questions.ts';
import type { Templates } from './profiles.ts';
import { projectManagerQuestions } from './project-manager/questions.ts';
import { qualityAssuranceQuestions } from './quality-assurance/questions.ts';
import { toolQuestions } from './tool-questions.ts';

export type Roster = Readonly<Partial<Record<AgentRole, AgentDefinition>>>;

/** The agents that build. The others are asked: `questionsOf`. */
export function rosterOf(templates: Templates): Roster {
  return { developer: developerOf(templates.developer) };
}

/** Everything that can be asked of the agents that answer. */
export function questionsOf(templates: Templates) {
  return {
    projectManager: projectManagerQuestions(templates['project-manager']),
    qualityAssurance: qualityAssuranceQuestions(templates['quality-assurance']),
    decisionMaker: decisionMakerQuestions(templates['decision-maker']),
    creativeInnovator: creativeInnovatorQuestions(templates['creative-innovator']),
    processCoach: processCoachQuestions(templates['process-coach']),
    conversation: conversationQuestions(templates),
    tools: toolQuestions(templates),
  };
}

export type Questions = ReturnType<typeof questionsOf>;
