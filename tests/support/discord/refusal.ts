/**
 * What Discord answers when it refuses: an HTTP status and `{code, message, errors?}`.
 * Discord developer docs: "Opcodes and Status Codes" (JSON error codes) and "Reference: Error Messages".
 */
import type { z } from 'zod';

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;
  /** False where a correct bot could not have known better: deleted behind its back, a permission taken away. */
  readonly ownFault: boolean;

  constructor(status: number, code: number, message: string, more: { errors?: object; ownFault?: boolean } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.ownFault = more.ownFault ?? true;
  }
}

export const refusals = {
  unknownRoute: () => new Refusal(404, 0, '404: Not Found'),
  unauthorized: () => new Refusal(401, 0, '401: Unauthorized'),
  unknownChannel: (deleted = false) => new Refusal(404, 10003, 'Unknown Channel', { ownFault: !deleted }),
  unknownGuild: () => new Refusal(404, 10004, 'Unknown Guild'),
  unknownMember: () => new Refusal(404, 10007, 'Unknown Member', { ownFault: false }),
  unknownMessage: (deleted = false) => new Refusal(404, 10008, 'Unknown Message', { ownFault: !deleted }),
  unknownUser: () => new Refusal(404, 10013, 'Unknown User', { ownFault: false }),
  unknownEmoji: () => new Refusal(400, 10014, 'Unknown Emoji'),
  unknownWebhook: () => new Refusal(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refusal(404, 10062, 'Unknown interaction'),
  tooLarge: () => new Refusal(413, 40005, 'Request entity too large'),
  acknowledgedAlready: () => new Refusal(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refusal(403, 50001, 'Missing Access', { ownFault: false }),
  notYourMessage: () => new Refusal(403, 50005, 'Cannot edit a message authored by another user'),
  emptyMessage: () => new Refusal(400, 50006, 'Cannot send an empty message'),
  missingPermissions: () => new Refusal(403, 50013, 'Missing Permissions', { ownFault: false }),
  invalidWebhookToken: () => new Refusal(401, 50027, 'Invalid Webhook Token'),
  archivedThread: () => new Refusal(400, 50083, 'Thread is archived', { ownFault: false }),
  systemMessage: () => new Refusal(403, 50021, 'Cannot execute action on a system message'),
  replyNeedsHistory: () =>
    new Refusal(400, 160002, 'Cannot reply without permission to read message history', { ownFault: false }),
  threadExists: () => new Refusal(400, 160004, 'A thread has already been created for this message'),
  maximumReactions: () => new Refusal(400, 30010, 'Maximum number of reactions reached (20)'),
};

/** "Invalid Form Body" with one error at a path such as `embeds.0.title`. */
export function invalid(path: string, code: string, message: string): Refusal {
  return new Refusal(400, 50035, `Invalid Form Body: ${path}: ${message}`, {
    errors: nested(path.split('.'), { code, message }, {}),
  });
}

/** The body as the schema has it, or a refusal that names every wrong field as Discord does. */
export function accepted<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors: Record<string, unknown> = {};
  const lines: string[] = [];
  for (const issue of parsed.error.issues) {
    for (const path of pathsOf(issue)) {
      const message = issue.code === 'unrecognized_keys' ? 'Discord has no such field.' : issue.message;
      nested(path, { code: nameOf(issue.code), message }, errors);
      lines.push(`${path.join('.')}: ${message}`);
    }
  }
  throw new Refusal(400, 50035, `Invalid Form Body: ${lines.join('; ')}`, { errors });
}

function pathsOf(issue: z.core.$ZodIssue): string[][] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function nameOf(code: z.core.$ZodIssue['code']): string {
  if (code === 'too_big' || code === 'too_small') return 'BASE_TYPE_BAD_LENGTH';
  if (code === 'unrecognized_keys') return 'UNKNOWN_FIELD';
  return code === 'invalid_type' ? 'BASE_TYPE_REQUIRED' : 'BASE_TYPE_CHOICES';
}

function nested(path: readonly string[], error: object, into: Record<string, unknown>): object {
  let at = into;
  for (const step of path) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at['_errors'] = [...((at['_errors'] as object[] | undefined) ?? []), error];
  return into;
}
