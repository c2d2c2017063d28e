import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { OwnTool, ToolSource } from '../toolbox.ts';
import { offerOf } from './offer.ts';
import { serverOf } from './server-of.ts';

export type StdioChannel = {
  readonly input: NodeJS.ReadableStream;
  /** Nobody else may write to it. */
  readonly output: NodeJS.WritableStream;
};

/** Larger than any call. What is longer ends the connection: nobody can tell where the next message begins. */
const largestMessage = 4 * 1024 * 1024;
const longestProblem = 200;

/**
 * Serves tools to the one client at the other end of a channel, until it is gone or the signal aborts; calls that are open
 * then are aborted.
 *
 * @param onProblem told in one line what went wrong beside the answers
 */
export async function serveOverStdio(
  tools: readonly OwnTool[] | ToolSource,
  { input, output }: StdioChannel,
  onProblem: (problem: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const offer = offerOf(tools, onProblem);
  const transport = new StdioServerTransport(input as Readable, output as Writable, { maxBufferSize: largestMessage });
  const server = serverOf(offer, onProblem);
  server.onerror = ({ message }) => {
    onProblem(`a message of the client could not be read: ${message.replace(/\s+/g, ' ').slice(0, longestProblem)}`);
  };
  let forgetChanges = (): void => undefined;
  server.oninitialized = () => {
    // A client that is gone just now needs to know nothing.
    forgetChanges = offer.onChange(() => void server.sendToolListChanged().catch(() => undefined));
  };
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  const close = () => void server.close();
  const ends = ['end', 'close', 'error'] as const;
  for (const end of ends) input.once(end, close);
  output.once('error', close);
  signal.addEventListener('abort', close, { once: true });
  try {
    await server.connect(transport);
    if (signal.aborted) close();
    await closed;
  } finally {
    forgetChanges();
    for (const end of ends) input.off(end, close);
    output.off('error', close);
    signal.removeEventListener('abort', close);
  }
}
