import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  type Conversation,
  conversationOf,
  isHelperCall,
  type ModelRequest,
  modelRequestSchema,
  type Reply,
} from './messages.ts';
import { beginStream, streamError, streamMessage, wholeMessage } from './stream.ts';

/** Chooses the answer to one request. A thrown error becomes an HTTP 500. */
export type Script = (conversation: Conversation, request: ModelRequest) => Reply | Promise<Reply>;

/** One request as it arrived, for whoever asserts on what a client sent. */
export type ReceivedRequest = {
  readonly at: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: ModelRequest;
};

export type Rehearsal = {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly baseUrl: string;
  readonly received: readonly ReceivedRequest[];
  close(): Promise<void>;
};

/**
 * Starts a scripted model on loopback: an HTTP server that speaks the Anthropic Messages API, streaming included, and
 * answers from a script. A client's own small helper calls get an empty answer and do not reach the script.
 */
export async function startRehearsal(script: Script): Promise<Rehearsal> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    response.on('error', () => undefined); // The client has gone; there is nobody left to answer.
    answer(script, received, request, response).catch((error: unknown) => {
      sendError(response, 500, 'api_error', error instanceof Error ? error.message : String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the rehearsal server has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    received,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  script: Script,
  received: ReceivedRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const body = await text(request);
  if (request.method === 'POST' && path === '/v1/messages/count_tokens') {
    sendJson(response, 200, { input_tokens: Math.ceil(body.length / 4) });
    return;
  }
  if (request.method !== 'POST' || path !== '/v1/messages') {
    sendError(response, 404, 'not_found_error', `${request.method ?? ''} ${path} is not part of this rehearsal`);
    return;
  }
  const parsed = modelRequestSchema.safeParse(JSON.parse(body));
  if (!parsed.success) {
    sendError(response, 400, 'invalid_request_error', 'the request is not one of the Messages API');
    return;
  }
  const helper = isHelperCall(parsed.data);
  if (!helper) received.push({ at: performance.now(), headers: request.headers, body: parsed.data });
  const reply: Reply = helper
    ? { kind: 'message', blocks: [{ type: 'text', text: 'ok' }] }
    : await script(conversationOf(parsed.data), parsed.data);
  sendReply(response, parsed.data, reply);
}

function sendReply(response: ServerResponse, request: ModelRequest, reply: Reply): void {
  switch (reply.kind) {
    case 'message':
      if (request.stream) void streamMessage(response, request.model, reply);
      else sendJson(response, 200, wholeMessage(request.model, reply));
      return;
    case 'error':
      sendError(response, reply.status, reply.type, reply.message, reply.headers);
      return;
    case 'drop':
      response.destroy();
      return;
    case 'cut':
      beginStream(response, request.model, reply);
      response.write('', () => response.destroy());
      return;
    case 'stream-error':
      streamError(response, request.model, reply);
      return;
    case 'stall':
      beginStream(response, request.model, reply);
      return;
    case 'hang':
      return;
  }
}

function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) response.destroy();
  else sendJson(response, status, { type: 'error', error: { type, message } }, headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
