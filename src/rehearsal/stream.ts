import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Block, Reply, ScriptedUsage } from './messages.ts';

type MessageReply = Reply & { readonly kind: 'message' };

/** What a stream begins with before something goes wrong. */
type Beginning = { readonly blocks?: readonly Block[]; readonly usage?: ScriptedUsage };

type StreamEvent = readonly [type: string, data: object];

const toolInputPiece = 400;

/** Answers with server-sent events, as the Messages API does when `stream` is true. Does not reject. */
export async function streamMessage(response: ServerResponse, model: string, reply: MessageReply): Promise<void> {
  const events: StreamEvent[] = [
    ...beginningOf(model, reply),
    [
      'message_delta',
      {
        delta: { stop_reason: stopReason(reply), stop_sequence: null },
        usage: { output_tokens: reply.usage?.outputTokens ?? 0 },
      },
    ],
    ['message_stop', {}],
  ];
  writeHead(response);
  for (const event of events) {
    if (response.destroyed) return;
    write(response, event);
    if (reply.dripMs !== undefined) await pause(reply.dripMs);
  }
  response.end();
}

/** Begins a stream and leaves it open. */
export function beginStream(response: ServerResponse, model: string, beginning: Beginning): void {
  writeHead(response);
  for (const event of beginningOf(model, beginning)) write(response, event);
}

/** Answers with a stream that ends in an `error` event. */
export function streamError(
  response: ServerResponse,
  model: string,
  reply: Reply & { readonly kind: 'stream-error' },
): void {
  if (reply.blocks) beginStream(response, model, reply);
  else writeHead(response);
  write(response, ['error', { error: { type: reply.type, message: reply.message } }]);
  response.end();
}

/** Answers in one piece, as the Messages API does when `stream` is not asked for. */
export function wholeMessage(model: string, reply: MessageReply): object {
  return {
    ...envelope(model, reply.usage),
    content: reply.blocks.map((block) =>
      block.type === 'text'
        ? block
        : { type: 'tool_use', id: `toolu_${randomUUID().replaceAll('-', '')}`, name: block.name, input: block.input },
    ),
    stop_reason: stopReason(reply),
    usage: { ...inputUsage(reply.usage), output_tokens: reply.usage?.outputTokens ?? 0 },
  };
}

function writeHead(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

function write(response: ServerResponse, [type, data]: StreamEvent): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

function beginningOf(model: string, { blocks = [], usage }: Beginning): StreamEvent[] {
  return [
    ['message_start', { message: { ...envelope(model, usage), content: [], stop_reason: null } }],
    ...blocks.flatMap(eventsOfBlock),
  ];
}

function eventsOfBlock(block: Block, index: number): StreamEvent[] {
  const stop: StreamEvent = ['content_block_stop', { index }];
  if (block.type === 'text') {
    return [
      ['content_block_start', { index, content_block: { type: 'text', text: '' } }],
      ['content_block_delta', { index, delta: { type: 'text_delta', text: block.text } }],
      stop,
    ];
  }
  const id = `toolu_${randomUUID().replaceAll('-', '')}`;
  const json = JSON.stringify(block.input);
  const pieces = Array.from({ length: Math.ceil(json.length / toolInputPiece) }, (_, piece) =>
    json.slice(piece * toolInputPiece, (piece + 1) * toolInputPiece),
  );
  return [
    ['content_block_start', { index, content_block: { type: 'tool_use', id, name: block.name, input: {} } }],
    ...pieces.map(
      (piece): StreamEvent => [
        'content_block_delta',
        { index, delta: { type: 'input_json_delta', partial_json: piece } },
      ],
    ),
    stop,
  ];
}

function envelope(model: string, usage: ScriptedUsage | undefined): object {
  return {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model,
    stop_sequence: null,
    usage: { ...inputUsage(usage), output_tokens: 0 },
  };
}

function inputUsage(usage: ScriptedUsage | undefined): object {
  const { inputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, longCacheWriteTokens = 0 } = usage ?? {};
  return {
    input_tokens: inputTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: cacheWriteTokens + longCacheWriteTokens,
    cache_creation: { ephemeral_5m_input_tokens: cacheWriteTokens, ephemeral_1h_input_tokens: longCacheWriteTokens },
  };
}

function stopReason({ blocks, stopReason: given }: MessageReply): string {
  return given ?? (blocks.some((block) => block.type === 'tool') ? 'tool_use' : 'end_turn');
}
