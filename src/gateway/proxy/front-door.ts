import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sendError } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { tokenIn } from './headers.ts';
import type { OpenRun } from './open-run.ts';

/** What a request may want; the gateway does nothing else. */
export type Doors = {
  readonly messages: (exchange: Exchange, run: OpenRun) => Promise<void>;
  readonly countTokens: (exchange: Exchange, run: OpenRun) => Promise<void>;
};

export type FrontDoor = { readonly baseUrl: string; close(): Promise<void> };

const largestBody = 64 * 1024 * 1024;
/** Longer than a client keeps a connection that it does not use, so that none is closed under a request. */
const idleConnectionMs = 10 * 60 * 1000;

/**
 * Listens on loopback. Lets in only who shows the token of an open run, and names the address as we gave it: a web page
 * that a name of its own leads here does not.
 */
export async function openFrontDoor(runOf: (token: string) => OpenRun | undefined, doors: Doors): Promise<FrontDoor> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined); // The client has gone; there is nobody left to answer.
    let route: Route;
    try {
      route = routeOf(request, runOf, doors);
    } catch {
      route = { kind: 'refused', status: 400, type: 'invalid_request_error', message: 'the request cannot be read' };
    }
    if (route.kind === 'probe') {
      response.writeHead(200).end();
    } else if (route.kind === 'refused') {
      request.resume();
      sendError(response, route.status, route.type, route.message);
    } else {
      const { run, door } = route;
      run.hold(request.socket);
      run.follow(letIn(request, response, run, door));
    }
  });
  server.keepAliveTimeout = idleConnectionMs;
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

type Route =
  | { readonly kind: 'probe' }
  | { readonly kind: 'refused'; readonly status: number; readonly type: string; readonly message: string }
  | { readonly kind: 'run'; readonly run: OpenRun; readonly door: Doors[keyof Doors] };

function routeOf(request: IncomingMessage, runOf: (token: string) => OpenRun | undefined, doors: Doors): Route {
  const { method = '', url = '/', headers, socket } = request;
  if (headers.host !== `127.0.0.1:${socket.localPort}` && headers.host !== `localhost:${socket.localPort}`) {
    return { kind: 'refused', status: 403, type: 'permission_error', message: 'this is not the name of the gateway' };
  }
  const { pathname, search } = new URL(url, 'http://localhost');
  if ((method === 'HEAD' || method === 'GET') && pathname === '/') return { kind: 'probe' };
  const door = { '/v1/messages': doors.messages, '/v1/messages/count_tokens': doors.countTokens }[pathname];
  if (method !== 'POST' || !door || !['', '?beta=true'].includes(search)) {
    return { kind: 'refused', status: 404, type: 'not_found_error', message: 'the gateway does not pass this on' };
  }
  const token = tokenIn(headers);
  const run = token === undefined ? undefined : runOf(token);
  if (!run) {
    return { kind: 'refused', status: 403, type: 'permission_error', message: 'this is not the token of an open run' };
  }
  return { kind: 'run', run, door };
}

/** Must not reject. */
async function letIn(
  request: IncomingMessage,
  response: ServerResponse,
  run: OpenRun,
  door: Doors[keyof Doors],
): Promise<void> {
  const gone = new AbortController();
  const end = () => gone.abort();
  response.once('close', end);
  run.signal.addEventListener('abort', end, { once: true });
  if (run.signal.aborted) end();
  try {
    const bytes = await bodyOf(request);
    if (bytes === 'too-large') {
      sendError(response, 413, 'request_too_large', `a request has at most ${largestBody} bytes`);
      return;
    }
    await door({ path: request.url ?? '', headers: request.headers, bytes, response, signal: gone.signal }, run);
  } catch {
    // The client broke off while it was still asking, or we failed: either way it is not left without an end.
    sendError(response, 500, 'api_error', 'the gateway could not answer');
  } finally {
    run.signal.removeEventListener('abort', end);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
  }
  return bytes > largestBody ? 'too-large' : Buffer.concat(chunks);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gateway has no port');
  return address.port;
}
