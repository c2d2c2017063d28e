import { setTimeout as pause } from 'node:timers/promises';
import type { APIError } from '@anthropic-ai/sdk';
import type { Message, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import type { GatewayRefusal } from '../../gateway/gateway.ts';
import { failedBy, type Unanswered } from '../ask-twice.ts';
import type { Connection } from './connection.ts';
import { endingOfRefusal } from './ending-of-refusal.ts';

/** The gateway lowers it to what is affordable. */
const mostOutputTokens = 16_000;

/** Answers that broke off are asked for again; the gateway, which counts them too, ends that sooner. */
const mostTries = 8;
const pauseBetweenTriesMs = 100;
const longestReason = 300;

export type ModelQuestion = {
  readonly model: string;
  readonly instructions: string;
  readonly conversation: MessageParam[];
  /** The shape of the answer, for a model API that can keep to one. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
};

export type ModelAnswer = { readonly kind: 'answer'; readonly message: Message };

/**
 * One question to the model, as often as its answer breaks off, which whoever asks has to mend: the gateway cannot take
 * back what it has passed on. Does not reject.
 */
export async function askModel(
  { messages }: Pick<Connection, 'messages'>,
  { model, instructions, conversation, schema }: ModelQuestion,
  refusal: () => GatewayRefusal | undefined,
  signal: AbortSignal,
): Promise<ModelAnswer | Unanswered> {
  const format = schema === undefined ? undefined : ({ type: 'json_schema', schema } as const);
  let isShapeTold = format !== undefined;
  for (let broken = 0; ; ) {
    try {
      const stream = messages.stream(
        {
          model,
          max_tokens: mostOutputTokens,
          system: instructions,
          messages: conversation,
          ...(isShapeTold && format ? { output_config: { format } } : {}),
        },
        { signal },
      );
      return { kind: 'answer', message: await stream.finalMessage() };
    } catch (error) {
      if (signal.aborted) return { kind: 'aborted' };
      const refused = refusal();
      if (refused) return endingOfRefusal(refused);
      const status = statusOf(error);
      // Not every model keeps to every shape; the prompt tells it as well.
      if (status === 400 && isShapeTold) isShapeTold = false;
      else if (status !== undefined)
        return { kind: 'failed', message: `the model API answered ${status}: ${reasonOf(error)}` };
      else if (++broken >= mostTries) return failedBy(error);
      else await pause(pauseBetweenTriesMs, undefined, { signal }).catch(() => undefined); // The next try tells of an abort.
    }
  }
}

/** Of an answer that is an error; undefined for one that broke off, or never came. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** The model API's own words, without the frame that the client puts around them. */
function reasonOf(error: unknown): string {
  const told = isApiError(error) ? error.error : undefined;
  const message = wordsIn(told) ?? (error instanceof Error ? error.message : String(error));
  return (message.split('\n')[0] ?? '').slice(0, longestReason);
}

function isApiError(error: unknown): error is Pick<APIError, 'error'> {
  return error instanceof Error && 'error' in error;
}

function wordsIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('error' in body) return wordsIn(body.error);
  return 'message' in body && typeof body.message === 'string' ? body.message : undefined;
}
