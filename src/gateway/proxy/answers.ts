import type { ServerResponse } from 'node:http';
import { sentenceOf } from '../../domain/budget.ts';
import type { GatewayRefusal } from '../gateway.ts';

/** An error as the Messages API writes it. Claude Code stops at once at a 403 `permission_error`, without trying again. */
export function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error: { type, message } }));
}

export function sendRefusal(response: ServerResponse, refusal: GatewayRefusal): void {
  sendError(response, 403, 'permission_error', sentenceOn(refusal));
}

/** Why nothing more goes out for a run, for whoever reads the end of a session. */
function sentenceOn(refusal: GatewayRefusal): string {
  switch (refusal.kind) {
    case 'short':
      return `The budget has no room for the next request: ${sentenceOf(refusal.shortage)}.`;
    case 'unpriced':
      return `There is no known price for the model ${refusal.model}, so no budget can be kept for it.`;
    case 'refused-key':
      return `The model API refuses the key (${refusal.status}).`;
    case 'no-store':
      return `The database does not answer, so nothing can be reserved: ${refusal.message}`;
    case 'limited':
    case 'unanswered':
      return `${refusal.message.charAt(0).toUpperCase()}${refusal.message.slice(1)}.`;
    case 'cut':
      return 'The run was ended.';
  }
}
