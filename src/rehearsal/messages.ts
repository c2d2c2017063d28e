import * as z from 'zod';

/** The parts of a Messages API request that a script looks at. Everything else a client sends is let through unread. */
const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().optional(),
  content: z.unknown().optional(),
});

const messageSchema = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(blockSchema)]),
});

export const modelRequestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  max_tokens: z.number().optional(),
  messages: z.array(messageSchema),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
  system: z.unknown().optional(),
  output_config: z.looseObject({ format: z.unknown().optional() }).optional(),
});

export type ModelRequest = z.infer<typeof modelRequestSchema>;

/** One block of a scripted answer. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** What the client will account for; zeros when left out, since nothing was spent. */
export type ScriptedUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  /** Kept for five minutes. */
  readonly cacheWriteTokens?: number;
  /** Kept for an hour. */
  readonly longCacheWriteTokens?: number;
};

/** What a script answers to one request. */
export type Reply =
  | {
      readonly kind: 'message';
      readonly blocks: readonly Block[];
      readonly usage?: ScriptedUsage;
      /** As the blocks have it when left out: the end of the turn, or a tool call. */
      readonly stopReason?: 'refusal' | 'max_tokens';
      /** The events of a stream come so far apart; all at once when left out. */
      readonly dripMs?: number;
    }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection stays open and silent. */
  | { readonly kind: 'hang' }
  /** The connection is cut before anything was answered. */
  | { readonly kind: 'drop' }
  /** The connection is cut in the middle of a stream, behind these blocks. */
  | { readonly kind: 'cut'; readonly blocks?: readonly Block[]; readonly usage?: ScriptedUsage }
  /** The stream begins, and behind these blocks it stays open and silent. */
  | { readonly kind: 'stall'; readonly blocks?: readonly Block[]; readonly usage?: ScriptedUsage }
  /** The stream has an `error` event: behind its beginning and these blocks, or, without blocks, as its first event. */
  | {
      readonly kind: 'stream-error';
      readonly type: string;
      readonly message: string;
      readonly blocks?: readonly Block[];
      readonly usage?: ScriptedUsage;
    };

/** Where a conversation stands, as a script needs to know it to choose the next answer. */
export type Conversation = {
  /** What the person (here: Spiral) asked, oldest first. */
  readonly prompts: readonly string[];
  /** How many answers were given since the last prompt. */
  readonly turn: number;
  /** What the tools gave back since the last answer. */
  readonly results: readonly { readonly text: string; readonly failed: boolean }[];
};

/** Reads from the messages of a request where the conversation stands; the server itself remembers nothing. */
export function conversationOf(request: ModelRequest): Conversation {
  const prompts: string[] = [];
  let turn = 0;
  let results: { text: string; failed: boolean }[] = [];
  for (const message of request.messages) {
    if (message.role === 'assistant') {
      turn += 1;
      results = [];
    } else if (message.role === 'user') {
      const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
      const outcomes = blocks.filter((block) => block.type === 'tool_result');
      if (outcomes.length > 0) {
        results.push(...outcomes.map((block) => ({ text: textOf(block.content), failed: block.is_error === true })));
        continue;
      }
      const said = blocks.map((block) => block.text ?? '').filter((text) => text !== '' && !isReminder(text));
      if (said.length > 0) {
        prompts.push(said.join('\n'));
        turn = 0;
        results = [];
      }
    }
  }
  return { prompts, turn, results };
}

/** Everything that the model is told of who it is. */
export function systemTextOf({ system }: ModelRequest): string {
  return textOf(system);
}

/** A small request of a client's own: nothing that an agent of the team asks. */
export function isHelperCall(request: ModelRequest): boolean {
  const hasTools = (request.tools ?? []).length > 0;
  return (
    !hasTools && !request.output_config?.format && !/You are the [a-z ]+ of a small team/.test(systemTextOf(request))
  );
}

/** Claude Code adds texts of its own to what a person says; they are no prompts. */
function isReminder(text: string): boolean {
  return /^\s*<(system-reminder|command-|local-command)/.test(text);
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = z.array(z.looseObject({ text: z.string().optional() })).safeParse(content);
  return parts.success ? parts.data.map((part) => part.text ?? '').join('\n') : '';
}
