import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type Headers, type UpstreamCredentials, upstreamHeaders } from './headers.ts';

export type UpstreamSetting = {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly credentials: UpstreamCredentials;
};

/** The way out of this machine, as the usual variables name it. */
export type ProxySetting = {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
};

export type UpstreamRequest = {
  /** Behind the base URL, with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly firstByteMs: number;
  readonly stallMs: number;
  readonly signal: AbortSignal;
};

export type UpstreamAnswer = { readonly status: number; readonly headers: Headers; readonly body: Readable };

/** Open connections to the model API, with the real credentials. */
export type UpstreamConnection = {
  /** Rejects when no answer begins, or when `signal` aborts. */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** The text without the credentials: an answer may repeat them. */
  withoutSecret(text: string): string;
  /** Gets ready to send: what has to be loaded for that is loaded while Claude Code starts. */
  warm(): void;
  close(): Promise<void>;
};

export function connectUpstream({ baseUrl, credentials }: UpstreamSetting, proxies: ProxySetting): UpstreamConnection {
  let connecting: Promise<{ request: typeof import('undici').request; dispatcher: Dispatcher }> | undefined;

  async function connect() {
    const { Agent, EnvHttpProxyAgent, request } = await import('undici');
    const { httpProxy = '', httpsProxy = '', noProxy = '' } = proxies;
    const isDirect = isLoopback(new URL(baseUrl).hostname) || (httpProxy === '' && httpsProxy === '');
    return { request, dispatcher: isDirect ? new Agent() : new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy }) };
  }

  return {
    warm() {
      connecting ??= connect();
      connecting.catch(() => undefined); // Whoever sends is told.
    },
    async send({ path, headers, body, firstByteMs, stallMs, signal }) {
      connecting ??= connect();
      const { request, dispatcher } = await connecting;
      const answer = await request(`${baseUrl}${path}`, {
        method: 'POST',
        headers: upstreamHeaders(headers, credentials),
        body,
        dispatcher,
        signal,
        headersTimeout: Math.max(1, firstByteMs),
        bodyTimeout: stallMs,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    withoutSecret: (text) => text.replaceAll(credentials.value, '[secret]'),
    async close() {
      const open = await connecting?.catch(() => undefined); // Whoever sent was told.
      await open?.dispatcher.destroy();
    },
  };
}

/** Codes of a connection that never came up: nothing was sent, so nothing can cost. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

const inWords: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stalled',
  UND_ERR_SOCKET: 'the connection was cut',
  ECONNRESET: 'the connection was cut',
};

/** How a connection failed. The error's own message is not told: nobody knows what stands in it. */
export function failureOf(error: unknown): { readonly wasSent: boolean; readonly reason: string } {
  const code = codeOf(error);
  const refusedByProxy = error instanceof Error && error.message.startsWith('Proxy response');
  if (refusedByProxy) return { wasSent: false, reason: 'no connection (the proxy refuses it)' };
  // A mistake in the call itself, before anything has left.
  if (error instanceof TypeError && code === undefined) return { wasSent: false, reason: error.message };
  if (code !== undefined && neverConnected.has(code)) return { wasSent: false, reason: `no connection (${code})` };
  return { wasSent: true, reason: inWords[code ?? ''] ?? `the connection failed (${code ?? 'without a code'})` };
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
