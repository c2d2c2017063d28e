import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { OwnTool, ToolMount, ToolServer, ToolSource } from '../toolbox.ts';
import type { OpenMount } from './open-mount.ts';

export type ToolServerSetting = {
  /** Told what went wrong inside a tool, in one line. */
  readonly onProblem: (problem: string) => void;
};

/** A mount and who may use it. */
type Entry = { readonly mount: Promise<OpenMount>; readonly tokenDigest: Buffer };

type Listening = { readonly server: Server; readonly port: number };

/** Longer than a client keeps a connection that it does not use, so that none is closed under a request. */
const idleConnectionMs = 10 * 60 * 1000;

/** Our tools over HTTP on loopback. It listens from the first mount on. */
export function openToolServer({ onProblem }: ToolServerSetting): ToolServer {
  const entries = new Map<string, Entry>();
  let listening: Promise<Listening> | undefined;
  let isClosed = false;

  async function mount(tools: readonly OwnTool[] | ToolSource): Promise<ToolMount> {
    if (isClosed) throw new Error('the tool server is closed');
    // The protocol's library takes a while to load: whoever mounts need not wait for it, only a client does.
    const opened = import('./open-mount.ts').then(({ openMount }) => openMount(tools, onProblem));
    const ready = opened.then(() => undefined);
    ready.catch(() => undefined); // Whoever wants to know awaits it.
    listening ??= listen((request, response) => answer(entries, request, response));
    const { port } = await listening;
    if (isClosed) throw new Error('the tool server is closed');
    const id = randomUUID();
    const token = randomBytes(32).toString('base64url');
    entries.set(id, { mount: opened, tokenDigest: digest(token) });
    return {
      url: `http://127.0.0.1:${port}/${id}`,
      token,
      names: 'tools' in tools ? 'changing' : tools.map(({ name }) => name),
      ready,
      async unmount() {
        entries.delete(id);
        await close(opened);
      },
    };
  }

  return {
    mount,
    async close() {
      isClosed = true;
      const open = [...entries.values()];
      entries.clear();
      await Promise.all(open.map(({ mount: opened }) => close(opened)));
      const started = await listening?.catch(() => undefined);
      if (!started) return;
      started.server.closeAllConnections();
      await new Promise<void>((resolve) => started.server.close(() => resolve()));
    },
  };
}

function answer(entries: ReadonlyMap<string, Entry>, request: IncomingMessage, response: ServerResponse): void {
  response.on('error', () => undefined); // The client has gone; there is nobody left to answer.
  const route = routeOf(entries, request);
  if (typeof route === 'number') {
    request.resume();
    response.writeHead(route).end();
  } else {
    route.then(
      (opened) => opened.serve(request, response),
      () => {
        request.resume();
        response.writeHead(500).end();
      },
    );
  }
}

async function close(opened: Promise<OpenMount>): Promise<void> {
  const mount = await opened.catch(() => undefined);
  await mount?.close();
}

/** The mount that a request may use, or the status that it is refused with. */
function routeOf(entries: ReadonlyMap<string, Entry>, { headers, url = '', socket }: IncomingMessage) {
  // A web page that a name of its own leads here names another host.
  if (headers.host !== `127.0.0.1:${socket.localPort}`) return 403;
  const entry = entries.get(url.slice(1));
  if (!entry) return 404;
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !timingSafeEqual(digest(token), entry.tokenDigest)) return 401;
  return entry.mount;
}

/** Of one length, whatever the length of the text is: only such can be compared without telling where they differ. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

async function listen(answerRequest: (request: IncomingMessage, response: ServerResponse) => void): Promise<Listening> {
  const server = createServer(answerRequest);
  server.keepAliveTimeout = idleConnectionMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the tool server has no port');
  return { server, port: address.port };
}
