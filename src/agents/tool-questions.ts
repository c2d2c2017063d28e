import type { AgentRole } from '../domain/agent.ts';
import {
  type HeldOutCases,
  heldOutCases,
  type ToolManual,
  type ToolPlan,
  type ToolResearch,
  toolManual,
  toolPlan,
  toolResearch,
} from '../domain/answers/tooling.ts';
import type { ToolExample, ToolManifest } from '../domain/tool.ts';
import { type RequestFacts, type ToolAssessment, toolAssessment } from '../domain/tool-card.ts';
import type { ToolRequest } from '../domain/tool-request.ts';
import { asData } from './data.ts';
import type { Templates } from './profiles.ts';
import type { AgentQuestion } from './question.ts';
import { fill } from './template.ts';

/** What agents are told of a tool that is there. */
export type KnownTool = { readonly name: string; readonly description: string };

/** What agents are asked when a tool is missed and built. */
export function toolQuestions(templates: Templates) {
  const questionOf = (agent: AgentRole) =>
    ({ agent, means: 'thinking', instructions: fill(templates[agent].instructions, {}) }) as const;
  const manager = questionOf('project-manager');
  return {
    /** @param tools that are like it, best first */
    assess(request: ToolRequest, tools: readonly KnownTool[], facts: RequestFacts): AgentQuestion<ToolAssessment> {
      const prompt = fill(templates['project-manager']['tool-assessment'], {
        request: wordsOf(request),
        tools: listed(tools),
        facts: asData(facts),
      });
      return {
        ...manager,
        prompt,
        schema: toolAssessment,
        problemsOf: ({ alternatives }) =>
          alternatives
            .filter(({ source, name }) => source === 'registry' && !tools.some((tool) => tool.name === name))
            .map(({ name }) => `there is no tool ${name} in the registry`),
      };
    },

    plan(request: ToolRequest, tools: readonly KnownTool[]): AgentQuestion<ToolPlan> {
      const prompt = fill(templates['project-manager']['tool-plan'], {
        request: wordsOf(request),
        tools: listed(tools),
      });
      return { ...manager, prompt, schema: toolPlan };
    },

    /** @param agent whoever was assigned to find out */
    research(agent: AgentRole, request: ToolRequest, plan: ToolPlan): AgentQuestion<ToolResearch> {
      const prompt = fill(templates['project-manager']['tool-research'], {
        request: wordsOf(request),
        plan: asData(plan),
      });
      return { ...questionOf(agent), prompt, schema: toolResearch };
    },

    /** From the request alone: whoever writes the cases has seen neither plan nor code. */
    holdOut(request: ToolRequest): AgentQuestion<HeldOutCases> {
      const prompt = fill(templates['quality-assurance']['held-out'], { request: wordsOf(request) });
      return { ...questionOf('quality-assurance'), prompt, schema: heldOutCases };
    },

    document(
      request: ToolRequest,
      manifest: ToolManifest,
      examples: readonly ToolExample[],
    ): AgentQuestion<ToolManual> {
      const prompt = fill(templates['project-manager']['tool-manual'], {
        request: wordsOf(request),
        manifest: asData(manifest),
        examples: asData(examples),
      });
      return { ...manager, prompt, schema: toolManual };
    },
  };
}

function wordsOf({ name, description, requirements, examples, urgency, importance, improves }: ToolRequest): string {
  return asData({
    name,
    description,
    requirements,
    examples,
    urgency,
    importance,
    ...(improves === undefined ? {} : { improves }),
  });
}

function listed(tools: readonly KnownTool[]): string {
  return tools.length === 0 ? 'none' : asData(tools);
}
