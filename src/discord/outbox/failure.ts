/**
 * What can be done about a request that Discord did not carry out. `later`: again after a while; `gone`: what it was about is
 * no more; `forbidden`: the bot may not; `wrong`: Discord will never take it.
 */
export type Failure = 'later' | 'gone' | 'forbidden' | 'wrong';

/** Codes of Discord for a channel, a message, a webhook that is no more. */
const gone = new Set([10003, 10008, 10015]);
const forbidden = new Set([50001, 50013]);

/** @param error as discord.js throws it: with a `status` and, when Discord itself answered, a `code` */
export function failureOf(error: unknown): Failure {
  const { code, status } = fieldsOf(error);
  if (typeof code === 'number' && gone.has(code)) return 'gone';
  if (typeof code === 'number' && forbidden.has(code)) return 'forbidden';
  if (status === undefined || status >= 500 || status === 408 || status === 429) return 'later';
  if (status === 401 || status === 403) return 'forbidden';
  return status === 404 ? 'gone' : 'wrong';
}

/** In one line, without what was sent. */
export function reasonOf(error: unknown): string {
  const { code, status } = fieldsOf(error);
  const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const numbers = [status, code].filter((part) => part !== undefined).join(', ');
  return numbers === '' ? `${words}` : `${words} (${numbers})`;
}

function fieldsOf(error: unknown): { readonly code?: number | string; readonly status?: number } {
  if (typeof error !== 'object' || error === null) return {};
  const code = 'code' in error ? error.code : undefined;
  const status = 'status' in error ? error.status : undefined;
  return {
    ...(typeof code === 'number' || typeof code === 'string' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
  };
}
