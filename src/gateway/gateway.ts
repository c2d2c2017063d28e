import type { AgentRole } from '../domain/agent.ts';
import type { Shortage } from '../domain/budget.ts';
import type { TaskId } from '../domain/identifiers.ts';

/** The run that model requests are made for. */
export type GatewayRun = {
  readonly taskId: TaskId;
  readonly agent: AgentRole;
  /** The night whose budget it also uses. */
  readonly night?: string;
  /** The project whose budget it also uses. */
  readonly project?: TaskId;
  /** Told, in one line, of what a person should know while the run waits: that the model API is overloaded, held, or back. */
  readonly tell: (notice: string) => void;
};

/** Why the gateway ended a run: whoever asks again with the same token gets the same answer at once. */
export type GatewayRefusal =
  | { readonly kind: 'short'; readonly shortage: Shortage }
  /** There is no price for the model: without one no budget can be kept. */
  | { readonly kind: 'unpriced'; readonly model: string }
  | { readonly kind: 'refused-key'; readonly status: number }
  /** A usage limit with the time at which it ends. */
  | { readonly kind: 'limited'; readonly until: Date; readonly message: string }
  /** The model API did not answer for as long as we are patient. */
  | { readonly kind: 'unanswered'; readonly message: string }
  /** The store could not be reached, so nothing could be reserved. */
  | { readonly kind: 'no-store'; readonly message: string }
  | { readonly kind: 'cut' };

/** One sentence for a refusal that neither time nor a grant mends. */
export function sentenceOfRefusal(
  refusal: Extract<GatewayRefusal, { readonly kind: 'unpriced' | 'refused-key' | 'unanswered' | 'no-store' }>,
): string {
  switch (refusal.kind) {
    case 'refused-key':
      return `the model API refused the key (${refusal.status})`;
    case 'unpriced':
      return `the price of the model ${refusal.model} is not known, so no budget can be kept; give it in [budget.prices."${refusal.model}"]`;
    case 'unanswered':
    case 'no-store':
      return refusal.message;
  }
}

/** The way to the model for one run. */
export type GatewayAccess = {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly baseUrl: string;
  /** For `ANTHROPIC_AUTH_TOKEN`; worth nothing once the access is closed. */
  readonly token: string;
  /** Why the run was refused, once it was. */
  refusal(): GatewayRefusal | undefined;
  /** Ends every connection of the run at once and lets no new one in. */
  cut(): void;
  /** Cuts what is open, and resolves when the last request is booked. Never rejects. */
  close(): Promise<void>;
};

/**
 * The one way to the model. It holds the real key, reserves room in every budget before a request leaves, books what was
 * really used after it, and can end a run at once.
 */
export interface Gateway {
  admit(run: GatewayRun): Promise<GatewayAccess>;
  close(): Promise<void>;
}
