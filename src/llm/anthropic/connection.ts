import type Anthropic from '@anthropic-ai/sdk';
import type { GatewayAccess } from '../../gateway/gateway.ts';

/** The gateway knows better when a request is lost: it holds some for as long as it is patient, and cuts silent ones. */
const timeoutMs = 24 * 3600 * 1000;

export type Connection = {
  readonly messages: Anthropic['messages'];
  /** Ends what is open. */
  close(): Promise<void>;
};

/** Connections of their own to the gateway for one run. What they need is loaded with the first of them. */
export async function connect({ baseUrl, token }: GatewayAccess): Promise<Connection> {
  const [{ Anthropic }, { Agent }] = await Promise.all([import('@anthropic-ai/sdk'), import('undici')]);
  // Without these a request that the gateway holds would be given up after five minutes.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const client = new Anthropic({
    baseURL: baseUrl,
    authToken: token,
    apiKey: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    fetchOptions: { dispatcher },
  });
  return { messages: client.messages, close: () => dispatcher.destroy() };
}
