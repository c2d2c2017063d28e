/** The REST interface over HTTP: authorization, rate limits, bodies, refusals, and the log of it all. "API Reference". */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Interactions } from '../interactions.ts';
import type { UploadedFile } from '../message-body.ts';
import type { RateLimits, Verdict } from '../rate-limits.ts';
import { invalid, Refusal, refusals } from '../refusal.ts';
import type { Troubles } from '../troubles.ts';
import type { World } from '../world.ts';
import { applicationRoutes } from './application.ts';
import { channelRoutes } from './channels.ts';
import { interactionRoutes } from './interactions.ts';
import { messageRoutes } from './messages.ts';
import type { Answer, Call, Route } from './route.ts';
import { webhookRoutes } from './webhooks.ts';

export type RequestRecord = {
  readonly at: number;
  readonly method: string;
  /** After `/api/v10`, decoded, without the query. */
  readonly path: string;
  readonly body: unknown;
  readonly files: readonly string[];
  status: number;
  /** Discord's code when it refused. */
  code?: number;
};

/** What a correct bot would not have done, and why Discord refused it. */
export type Violation = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly body?: unknown;
};

type Found = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

const routes: readonly Route[] = [
  ...applicationRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...interactionRoutes,
  ...webhookRoutes,
];

export type Rest = {
  readonly requests: RequestRecord[];
  readonly violations: Violation[];
  /** Everything that was refused, also what a bot could not have known. */
  readonly refused: Violation[];
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

export function openRest(world: World, interactions: Interactions, limits: RateLimits, troubles: Troubles): Rest {
  const requests: RequestRecord[] = [];
  const violations: Violation[] = [];
  const refused: Violation[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', world.baseUrl);
    const method = request.method ?? 'GET';
    if (url.pathname.startsWith('/attachments/')) return download(world, url.pathname, response);
    const raw = url.pathname.replace(/^\/api\/v10(?=\/)/, '');
    const path = decodeURIComponent(raw);
    const bytes = await bytesOf(request);
    if (troubles.slowMs > 0) await delay(troubles.slowMs);
    const trouble = troubles.meet(method, path);
    if (trouble?.delayMs) await delay(trouble.delayMs);
    if (trouble && !trouble.afterwards) {
      requests.push({ at: world.clock.now(), method, path, body: undefined, files: [], status: trouble.status });
      world.changed();
      if (trouble.cut) return void request.socket.destroy();
      const seconds = trouble.retryAfterSeconds ?? 0.1;
      const limited = trouble.status === 429 ? { retry_after: seconds, global: false } : {};
      const headers: Record<string, string> = trouble.status === 429 ? { 'retry-after': String(seconds) } : {};
      return send(response, trouble.status, { message: 'Trouble', code: trouble.code ?? 0, ...limited }, headers);
    }
    const record: RequestRecord = { at: world.clock.now(), method, path, body: undefined, files: [], status: 0 };
    requests.push(record);
    let headers: Readonly<Record<string, string>> = {};
    let result: Answer;
    try {
      if (raw === url.pathname) throw invalid('version', 'API_VERSION', 'Only /api/v10 is there.');
      const { route, params } = find(method, raw);
      if (route.auth === 'bot' && request.headers.authorization !== `Bot ${world.token}`) throw refusals.unauthorized();
      const { body, files } = await parse(request, bytes);
      Object.assign(record, { body, files: files.map(({ filename }) => filename) });
      const verdict = limited(route, params, body);
      headers = verdict.headers;
      if (!verdict.allowed) {
        const limitation = { message: 'You are being rate limited.', retry_after: verdict.retryAfterSeconds };
        result = { status: 429, body: { ...limitation, global: verdict.global } };
      } else {
        result = route.run({
          world,
          interactions,
          query: url.searchParams,
          body,
          files,
          param: (name) => params[name] ?? '',
        });
      }
    } catch (error) {
      if (!(error instanceof Refusal)) {
        // A mistake of the stand-in itself must be seen by the test, not be taken for a bad day of Discord.
        violations.push({
          method,
          path,
          status: 500,
          code: 0,
          message: String(error instanceof Error ? error.stack : error),
        });
        result = { status: 500, body: { message: String(error), code: 0 } };
      } else {
        const { status, code, message, errors, ownFault } = error;
        const line = { method, path, status, code, message, body: record.body };
        refused.push(line);
        if (ownFault) violations.push(line);
        record.code = code;
        result = { status, body: { code, message, ...(errors ? { errors } : {}) } };
      }
    }
    record.status = result.status;
    world.changed();
    if (trouble?.afterwards) {
      if (trouble.cut) return void request.socket.destroy();
      return send(response, trouble.status, { message: 'Trouble', code: trouble.code ?? 0 }, headers);
    }
    send(response, result.status, result.body, headers);
  }

  function limited(route: Route, params: Readonly<Record<string, string>>, body: unknown): Verdict {
    const resource = params['channel'] ?? params['webhook'] ?? params['guild'] ?? 'all';
    const renames = route.path === '/channels/:channel' && route.method === 'PATCH' && renaming(body);
    if (renames) {
      const verdict = limits.take('renames', resource, false);
      if (!verdict.allowed) return verdict;
    }
    return limits.take(route.limit, resource, route.auth === 'bot');
  }

  return { requests, violations, refused, answer };
}

function renaming(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'name' in body;
}

function find(method: string, path: string): Found {
  const parts = path.split('/');
  for (const route of routes) {
    const pattern = route.path.split('/');
    if (route.method !== method || pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part.startsWith(':') || part === parts[index])) continue;
    const named = pattern.flatMap((part, index) =>
      part.startsWith(':') ? [[part.slice(1), decodeURIComponent(parts[index] ?? '')] as const] : [],
    );
    return { route, params: Object.fromEntries(named) };
  }
  throw refusals.unknownRoute();
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks);
}

async function parse(request: IncomingMessage, bytes: Buffer): Promise<Pick<Call, 'body' | 'files'>> {
  const contentType = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { body: undefined, files: [] };
  if (!contentType.startsWith('multipart/form-data')) return { body: jsonOf(bytes.toString('utf8')), files: [] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  const files: UploadedFile[] = [];
  let body: unknown = {};
  for (const [name, value] of form.entries()) {
    const key = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (name === 'payload_json' && typeof value === 'string') body = jsonOf(value);
    else if (key !== undefined && typeof value !== 'string') {
      const content = Buffer.from(await value.arrayBuffer());
      files.push({ key, filename: value.name, contentType: value.type || 'application/octet-stream', content });
    } else throw invalid(name, 'UNKNOWN_FIELD', 'Only payload_json and files[n] are parts of a form.');
  }
  return { body, files };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Discord's own answer to a body that is not JSON.
    throw new Refusal(400, 50109, 'The request body contains invalid JSON.');
  }
}

function download(world: World, path: string, response: ServerResponse): void {
  const [, , channelId = '', id = ''] = path.split('/');
  const channel = world.channels.get(channelId);
  const attachment = [...(channel?.messages ?? []), ...(channel?.ephemerals ?? [])]
    .flatMap(({ attachments }) => attachments)
    .find((candidate) => candidate.id === id);
  if (!attachment) return void response.writeHead(404).end('This content is no longer available.');
  response.writeHead(200, { 'content-type': attachment.contentType, 'content-length': attachment.content.length });
  response.end(attachment.content);
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
