import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { OwnTool, ToolSource } from '../toolbox.ts';
import { offerOf } from './offer.ts';
import { serverOf } from './server-of.ts';

/** The tools of one mount, for clients that were let in. */
export type OpenMount = {
  /** Answers one HTTP request. Never rejects. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends the sessions of all clients, and with them their calls. Never rejects. */
  close(): Promise<void>;
};

const largestRequest = 4 * 1024 * 1024;
/** Short of what anybody on the way would take for a dead connection. */
const aliveEveryMs = 15_000;

/**
 * Speaks the Model Context Protocol over streamable HTTP. Every client has a session of its own, so that it can cancel a call
 * with a later request.
 *
 * Throws `ToolNotServable`.
 */
export function openMount(tools: readonly OwnTool[] | ToolSource, onProblem: (problem: string) => void): OpenMount {
  const offer = offerOf(tools, onProblem);
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const servers = new Set<Server>();
  const forgetChanges = offer.onChange(() => {
    for (const server of servers) {
      // A client that is gone just now needs to know nothing.
      void server.sendToolListChanged().catch(() => undefined);
    }
  });
  /** Aborts when the connection of a request is gone: its answer cannot be delivered any more. */
  const connection = new AsyncLocalStorage<AbortSignal>();
  let isClosed = false;

  async function openSession(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
      keepAliveMs: aliveEveryMs,
      maxRequestBodySize: largestRequest,
    });
    const server = serverOf(offer, onProblem, () => connection.getStore());
    server.oninitialized = () => servers.add(server);
    server.onclose = () => {
      servers.delete(server);
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    return transport;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && !known) {
      response.writeHead(404).end(); // The protocol has the client begin a new session then.
      return;
    }
    const transport = known ?? (await openSession());
    await transport.handleRequest(request, response);
    // A first request that was no beginning, or one that began after the end.
    if (transport.sessionId === undefined || isClosed) await transport.close();
  }

  return {
    async serve(request, response) {
      const gone = new AbortController();
      response.once('close', () => {
        if (!response.writableEnded) gone.abort();
      });
      try {
        await connection.run(gone.signal, () => answer(request, response));
      } catch (error) {
        onProblem(`a request for tools could not be answered: ${String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      }
    },
    async close() {
      isClosed = true;
      forgetChanges();
      await Promise.allSettled([...sessions.values()].map((transport) => transport.close()));
    },
  };
}
