import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Block, Reply } from './messages.ts';

type MessageReply = Reply & { readonly kind: 'message' };

const toolInputPiece = 400;

/** Answers with server-sent events, as the Messages API does when `stream` is true. */
export function streamMessage(response: ServerResponse, model: string, reply: MessageReply): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = sender(response);
  begin(send, model, reply);
  reply.blocks.forEach((block, index) => {
    sendBlock(send, block, index);
  });
  send('message_delta', {
    delta: { stop_reason: stopReason(reply), stop_sequence: null },
    usage: { output_tokens: reply.usage?.outputTokens ?? 0 },
  });
  send('message_stop', {});
  response.end();
}

/** Begins a stream and then drops the connection. */
export function cutStream(response: ServerResponse, model: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = sender(response);
  begin(send, model, { kind: 'message', blocks: [] });
  send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  response.write('', () => response.destroy());
}

/** Answers in one piece, as the Messages API does when `stream` is not asked for. */
export function wholeMessage(model: string, reply: MessageReply): object {
  return {
    ...envelope(model, reply),
    content: reply.blocks.map((block) =>
      block.type === 'text'
        ? block
        : { type: 'tool_use', id: `toolu_${randomUUID().replaceAll('-', '')}`, name: block.name, input: block.input },
    ),
    stop_reason: stopReason(reply),
    usage: { input_tokens: reply.usage?.inputTokens ?? 0, output_tokens: reply.usage?.outputTokens ?? 0 },
  };
}

type Send = (type: string, data: object) => void;

function sender(response: ServerResponse): Send {
  return (type, data) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

function begin(send: Send, model: string, reply: MessageReply): void {
  send('message_start', { message: { ...envelope(model, reply), content: [], stop_reason: null } });
}

function sendBlock(send: Send, block: Block, index: number): void {
  if (block.type === 'text') {
    send('content_block_start', { index, content_block: { type: 'text', text: '' } });
    send('content_block_delta', { index, delta: { type: 'text_delta', text: block.text } });
  } else {
    const id = `toolu_${randomUUID().replaceAll('-', '')}`;
    send('content_block_start', { index, content_block: { type: 'tool_use', id, name: block.name, input: {} } });
    const json = JSON.stringify(block.input);
    for (let at = 0; at < json.length; at += toolInputPiece) {
      const piece = json.slice(at, at + toolInputPiece);
      send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } });
    }
  }
  send('content_block_stop', { index });
}

function envelope(model: string, reply: MessageReply): object {
  return {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model,
    stop_sequence: null,
    usage: { input_tokens: reply.usage?.inputTokens ?? 0, output_tokens: 0 },
  };
}

function stopReason(reply: MessageReply): string {
  return reply.blocks.some((block) => block.type === 'tool') ? 'tool_use' : 'end_turn';
}
