import { sendError, sendRefusal } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { clientHeaders } from './headers.ts';
import type { AttemptNeeds } from './one-attempt.ts';
import type { OpenRun } from './open-run.ts';
import { failureOf } from './upstream-connection.ts';

/** Passes a request to count tokens on, which costs nothing; once, because nothing depends on its answer. */
export async function countTokens(
  { path, headers, bytes, response, signal }: Exchange,
  run: OpenRun,
  { upstream, timing }: Pick<AttemptNeeds, 'upstream' | 'timing'>,
): Promise<void> {
  if (run.refusal) return sendRefusal(response, run.refusal);
  try {
    const { firstByteMs, stallMs } = timing;
    const answer = await upstream.send({ path, headers, body: bytes, firstByteMs, stallMs, signal });
    const text = await answer.body.setEncoding('utf8').toArray();
    if (answer.status === 401 || answer.status === 403) {
      return sendRefusal(response, run.refuse({ kind: 'refused-key', status: answer.status }));
    }
    response.writeHead(answer.status, clientHeaders(answer.headers));
    response.end(upstream.withoutSecret(text.join('')));
  } catch (error) {
    sendError(response, 502, 'api_error', `model API: ${failureOf(error).reason}`);
  }
}
