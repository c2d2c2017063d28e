import * as z from 'zod';

/*
 * What we read of the messages that Claude Code streams. Everything is loose: fields that we do not use may come and go
 * with its versions, and a message of a kind that is not listed here is passed over.
 */

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  is_error: z.boolean().nullish(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).optional(),
});
const otherBlock = z.looseObject({ type: z.string() });

const assistantLine = z.looseObject({
  type: z.literal('assistant'),
  uuid: z.string(),
  message: z.looseObject({ content: z.array(z.union([textBlock, toolUseBlock, otherBlock])) }),
  /** Set when the text is Claude Code's own notice about an API failure. */
  error: z.string().nullish(),
});

const userLine = z.looseObject({
  type: z.literal('user'),
  message: z.looseObject({ content: z.union([z.string(), z.array(z.union([toolResultBlock, otherBlock]))]) }),
});

const retryLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('api_retry'),
  uuid: z.string(),
  attempt: z.number(),
  max_retries: z.number(),
  retry_delay_ms: z.number(),
  error_status: z.number().nullish(),
  error: z.string().nullish(),
});

const deniedLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('permission_denied'),
  tool_name: z.string(),
  tool_use_id: z.string(),
  decision_reason: z.string().nullish(),
});

const modelUsage = z.looseObject({
  inputTokens: z.number().default(0),
  outputTokens: z.number().default(0),
  cacheReadInputTokens: z.number().default(0),
  cacheCreationInputTokens: z.number().default(0),
});

const resultLine = z.looseObject({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean(),
  api_error_status: z.number().nullish(),
  terminal_reason: z.string().nullish(),
  num_turns: z.number().default(0),
  duration_ms: z.number().default(0),
  total_cost_usd: z.number().default(0),
  modelUsage: z.record(z.string(), modelUsage).default({}),
  deferred_tool_use: z.looseObject({ id: z.string(), name: z.string(), input: z.unknown() }).nullish(),
  result: z.string().nullish(),
  errors: z.array(z.string()).nullish(),
});

export const claudeLineSchema = z.union([assistantLine, userLine, retryLine, deniedLine, resultLine]);

export type ClaudeLine = z.infer<typeof claudeLineSchema>;
export type AssistantLine = z.infer<typeof assistantLine>;
export type UserLine = z.infer<typeof userLine>;
export type ResultLine = z.infer<typeof resultLine>;
export type DeniedLine = z.infer<typeof deniedLine>;
export type RetryLine = z.infer<typeof retryLine>;
export type ToolUse = z.infer<typeof toolUseBlock>;
export type ToolResult = z.infer<typeof toolResultBlock>;

export function isText(block: { readonly type: string }): block is z.infer<typeof textBlock> {
  return textBlock.safeParse(block).success;
}

export function isToolUse(block: { readonly type: string }): block is ToolUse {
  return toolUseBlock.safeParse(block).success;
}

export function isToolResult(block: { readonly type: string }): block is ToolResult {
  return toolResultBlock.safeParse(block).success;
}
