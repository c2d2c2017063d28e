import type { KnownTool } from '../../agents/tool-questions.ts';
import type { Task } from '../../domain/task.ts';
import { toolExamples, toolManifest } from '../../domain/tool.ts';
import type { RequestFacts } from '../../domain/tool-card.ts';
import { priorityOfWish, type ToolRequest } from '../../domain/tool-request.ts';
import {
  afterAssessment,
  afterHoldingOut,
  afterManual,
  afterResearch,
  afterToolPlan,
  type ToolStep,
} from '../../domain/tool-step.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import type { KeyedNews } from '../../store/store.ts';
import { type Asked, askAgent } from '../run-task/ask-agent.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { candidateOf } from './candidate.ts';
import { requestFor } from './request-for.ts';

const likeIt = 3;

export type CameOfTool =
  | { readonly kind: 'moved'; readonly to: Tooling; readonly news: readonly KeyedNews[] }
  | Exclude<Asked<never>, { readonly kind: 'answered' | 'unusable' }>;

/** Asks what is asked at this position, and says where the work goes on. */
export async function putToolQuestion(
  task: Task,
  { build }: Tooling,
  { at, agent }: ToolStep & { readonly kind: 'ask' },
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<CameOfTool> {
  const request = await requestFor(build.requestId, needs.store);
  const { tools } = needs.team;
  const known = () => toolsLike(request, needs);
  switch (at.kind) {
    case 'assess': {
      const facts = await factsFor(request, needs);
      const asked = await askAgent(
        task,
        'tool-assessment',
        tools.assess(request, await known(), facts),
        needs,
        context,
      );
      // Whoever decides sees the request itself when nobody assessed it.
      if (asked.kind === 'unusable') return moved(afterAssessment(build, undefined));
      if (asked.kind !== 'answered') return asked;
      const card = { ...asked.answer, facts, priority: priorityOfWish(request) };
      const news = { type: 'tool-request.assessed', taskId: task.id, requestId: request.id, card } as const;
      return moved(afterAssessment(build, card), { key: 'assessed', news });
    }
    case 'plan': {
      const asked = await askAgent(task, 'tool-plan', tools.plan(request, await known()), needs, context);
      if (asked.kind === 'unusable') return { kind: 'failed', reason: asked.reason };
      return asked.kind === 'answered' ? moved(afterToolPlan(build, asked.answer)) : asked;
    }
    case 'research': {
      if (!build.plan) throw new Error('a tool is researched before it is planned');
      const question = tools.research(agent, request, build.plan);
      const asked = await askAgent(task, 'tool-research', question, needs, context);
      if (asked.kind === 'unusable') return moved(afterResearch(build, undefined));
      return asked.kind === 'answered' ? moved(afterResearch(build, asked.answer)) : asked;
    }
    case 'hold-out': {
      const asked = await askAgent(task, 'held-out', tools.holdOut(request), needs, context);
      // Without them nothing would be proved.
      if (asked.kind === 'unusable') return { kind: 'failed', reason: asked.reason };
      return asked.kind === 'answered' ? moved(afterHoldingOut(build, asked.answer.cases)) : asked;
    }
    case 'document': {
      const { files } = await candidateOf(task, needs);
      const manifest = toolManifest.parse(jsonIn(files, 'tool.json'));
      const examples = toolExamples.parse(jsonIn(files, 'test/examples.json'));
      const asked = await askAgent(task, 'tool-manual', tools.document(request, manifest, examples), needs, context);
      // A tool is used by its description; a manual that nobody wrote is not missed.
      if (asked.kind === 'unusable') return moved(afterManual(build, undefined));
      return asked.kind === 'answered' ? moved(afterManual(build, asked.answer.text)) : asked;
    }
  }
}

async function toolsLike(request: ToolRequest, { toolbox }: RunTaskNeeds): Promise<KnownTool[]> {
  const text = `${request.name} ${request.description} ${request.requirements.join(' ')}`;
  const found = await toolbox.registry.search(text, likeIt);
  return found.map(({ tool: { manifest } }) => ({ name: manifest.name, description: manifest.description }));
}

async function factsFor(request: ToolRequest, { store }: RunTaskNeeds): Promise<RequestFacts> {
  const [demand, pastBuilds, work] = await Promise.all([
    store.toolRequests.demandFor(request),
    store.toolRequests.pastBuilds(),
    workload(request, store),
  ]);
  return {
    ...(pastBuilds.count === 0 ? {} : { pastBuilds }),
    workload: work,
    similarRequests: demand.filed,
    waitingTasks: demand.sleeping,
  };
}

/** How many unfinished tasks everybody has, but for this work itself. */
async function workload({ workTask }: ToolRequest, { tasks }: RunTaskNeeds['store']): Promise<Record<string, number>> {
  const own = await tasks.get(workTask);
  const open = own ? await tasks.unfinished(own.machine) : [];
  const counts: Record<string, number> = {};
  for (const { id, agent, state } of open) {
    if (id === workTask || state.kind === 'waiting') continue;
    counts[agent] = (counts[agent] ?? 0) + 1;
  }
  return counts;
}

function jsonIn(files: ReadonlyMap<string, Uint8Array>, path: string): unknown {
  const bytes = files.get(path);
  if (!bytes) throw new Error(`a tool that passed the gate has no ${path}`);
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

function moved(to: Tooling, ...news: readonly KeyedNews[]): CameOfTool {
  return { kind: 'moved', to, news };
}
