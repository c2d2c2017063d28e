import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { OwnTool, ToolAnswer } from '../toolbox.ts';
import { answerCall } from './answer-call.ts';
import type { Offer } from './offer.ts';

/** What Claude Code calls the id of the tool call in the request. */
const callIdKey = 'claudecode/toolUseId';
/** Tells Claude Code whether its model sees the tool at once. */
const alwaysLoadKey = 'anthropic/alwaysLoad';

/**
 * Speaks the Model Context Protocol with one client, whatever it comes over.
 *
 * @param gone of a call, when its client may be gone without the server being closed
 */
export function serverOf(
  offer: Offer,
  onProblem: (problem: string) => void,
  gone: () => AbortSignal | undefined = () => undefined,
): Server {
  const server = new Server(
    { name: 'spiral', version: '1.0.0' },
    { capabilities: { tools: offer.mayChange ? { listChanged: true } : {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: (await offer.listed()).map(asListed) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = await offer.find(params.name);
    if (!tool) return asResult({ text: `There is no tool ${params.name}.`, isError: true });
    const callId = params._meta?.[callIdKey];
    const end = gone();
    const call = {
      ...(typeof callId === 'string' ? { callId } : {}),
      signal: end ? AbortSignal.any([signal, end]) : signal,
    };
    return asResult(await answerCall(tool, params.arguments ?? {}, call, onProblem));
  });
  return server;
}

function asListed({ name, description, inputSchema, alwaysLoad = false }: OwnTool) {
  return {
    name,
    description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    _meta: { [alwaysLoadKey]: alwaysLoad },
  };
}

function asResult({ text, isError }: ToolAnswer) {
  return { content: [{ type: 'text' as const, text }], ...(isError ? { isError } : {}) };
}
