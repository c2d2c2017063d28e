import { afterEach } from 'vitest';
import * as z from 'zod';
import { questionsOf } from '../../../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../../../src/agents/template-files.ts';
import { type AgentRole, agentRoles } from '../../../src/domain/agent.ts';
import { limitsOf } from '../../../src/domain/budget.ts';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { mentionsIn } from '../../../src/domain/mention.ts';
import { openAnthropicLlm } from '../../../src/llm/anthropic/open-anthropic-llm.ts';
import { type Reply, systemTextOf } from '../../../src/rehearsal/messages.ts';
import type { Rehearsal } from '../../../src/rehearsal/server.ts';
import { asJson } from '../../../src/rehearsal/team/cast.ts';
import type { NewConversation, NewMessage } from '../../../src/store/conversations.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { NewTask } from '../../../src/store/store.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { publish } from '../../../src/workflows/converse/publish.ts';
import { gatewayStage } from '../gateway/stage.ts';
import type { OpenStore } from '../store/conversation-examples.ts';
import { openedFor } from '../store/conversation-examples.ts';
import { holder, saved } from '../store/examples.ts';

export const never = new AbortController().signal;

/** What the model is asked in a conversation. */
export type Asked = {
  readonly agent: AgentRole;
  readonly what: 'reply' | 'relevance' | 'summary';
  readonly prompt: string;
  /** The message that it is about; of a summary none. */
  readonly message: { readonly number: number; readonly from: string; readonly text: string };
};

/** What the model says: a reply, a score for every member, or anything that a model API may answer. */
export type Says = (asked: Asked) => Words | Promise<Words>;
type Words = string | Partial<Record<AgentRole, number>> | Reply;

const messageSchema = z.object({ number: z.number(), from: z.string(), text: z.string() });
const templates = templatesOf(ownTemplates());

/** A real store and a real way to a model that says what a test wants. */
export function conversationStage() {
  const stage = gatewayStage();
  const others: OpenStore[] = [];
  afterEach(async () => {
    await Promise.all(others.splice(0).map((store) => store.close()));
  });

  return {
    get store() {
      return stage.store;
    },
    get databaseUrl() {
      return stage.databaseUrl;
    },
    /** The store of one more process. */
    async anotherStore(applicationName = 'other'): Promise<OpenStore> {
      const store = await openPostgresStore({ databaseUrl: stage.databaseUrl, applicationName });
      others.push(store);
      return store;
    },
    /** A conversation of a task that nobody drives. */
    async opened(changes: Partial<NewConversation> = {}, task: Partial<NewTask> = {}): Promise<ConversationId> {
      const { id } = await saved(stage.store, { agent: 'project-manager', ...task });
      return openedFor(stage.store, id, changes);
    },
    /** What talking takes, and what the model was asked until now. */
    async talking(says: Says, changes: Partial<ConverseNeeds> = {}) {
      const asked: Asked[] = [];
      const model: Rehearsal = await stage.model(async (_, request) => {
        const one = askedIn(systemTextOf(request), JSON.stringify(request.messages), request.messages);
        asked.push(one);
        return replyOf(await says(one));
      });
      return { asked, model, needs: needsOf(stage.gateway(model.baseUrl), changes) };
    },
    async events(id: ConversationId): Promise<SpiralEvent[]> {
      const taskId = (await stage.store.conversations.get(id))?.taskId;
      return taskId === undefined ? [] : stage.store.events.read({ after: 0, taskId }, 10_000);
    },
    /** As if the pauses were over. */
    async letTimePass(id: ConversationId): Promise<void> {
      await stage.store.pool.query('update spiral.mail set due_at = clock_timestamp() where conversation_id = $1', [
        id,
      ]);
    },
    /** What was said, as `who: what`. */
    async said(id: ConversationId): Promise<string[]> {
      const messages = await stage.store.conversations.messages(id, 0, 1_000);
      return messages.map(({ author, text }) => `${author}: ${text}`);
    },
  };

  function needsOf(gateway: ReturnType<typeof stage.gateway>, changes: Partial<ConverseNeeds>): ConverseNeeds {
    const { store } = stage;
    return {
      store,
      llm: openAnthropicLlm({ gateway }),
      budget: {
        limitsOf: ({ id, agent }) =>
          limitsOf({ task: {}, agent: {}, project: {}, night: {}, all: {} }, { taskId: id, agent }),
        cycles: { shareOf: () => undefined, shares: () => [], moves: () => ({ scope: 'moves:0', limit: {} }) },
        atLimit: 'ask',
        unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
      },
      self: holder,
      report: () => undefined,
      conversations: {
        allowance: { each: 3, all: 15 },
        attempts: 3,
        maxTokens: 2_000,
        maySpeakIn: () => true,
      },
      wake: async () => undefined,
      team: questionsOf(templates),
      ...changes,
    };
  }
}

let said = 0;

/** A person says something. */
export function says(id: ConversationId, text: string, needs: ConverseNeeds, changes: Partial<NewMessage> = {}) {
  said += 1;
  const mentions = mentionsIn(text, agentRoles);
  return publish({ conversationId: id, key: `said-${said}`, author: 'human', text, mentions, ...changes }, needs);
}

export function typesOf(events: readonly SpiralEvent[], ...types: SpiralEvent['type'][]): SpiralEvent[] {
  return events.filter(({ type }) => types.includes(type));
}

function askedIn(system: string, whole: string, messages: unknown): Asked {
  const name = /You are the ([a-z ]+) of a small team/.exec(system)?.[1];
  const agent = agentRoles.find((role) => role.replace('-', ' ') === name);
  if (!agent) throw new Error(`nobody is asked: ${system.slice(0, 100)}`);
  const prompt = textIn(messages);
  const message = /<message>\n([\s\S]*?)\n<\/message>/.exec(prompt)?.[1];
  return {
    agent,
    what: whole.includes('<agents>') ? 'relevance' : message === undefined ? 'summary' : 'reply',
    prompt,
    message: message === undefined ? { number: 0, from: '', text: '' } : messageSchema.parse(JSON.parse(message)),
  };
}

const contentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]);

function textIn(messages: unknown): string {
  const [first] = z.array(z.looseObject({ content: contentSchema })).parse(messages);
  const content = first?.content ?? '';
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n');
}

function replyOf(words: Words): Reply {
  if (typeof words === 'string') return asJson({ text: words });
  if ('kind' in words) return words;
  return asJson({ scores: Object.entries(words).map(([agent, relevance]) => ({ agent, relevance })) });
}

/** Answers every request of a script that is not wanted. */
export function unexpected(asked: Asked): never {
  throw new Error(`nobody should ask the ${asked.agent} for a ${asked.what}`);
}
