import type { Outgoing } from './outgoing.ts';

/** Where a message of ours stands. */
export type Placed = {
  /** Of the channel or thread. */
  readonly channelId: string;
  readonly messageId: string;
  /** The webhook that it was sent through: only that one can edit it. */
  readonly webhook?: { readonly id: string; readonly token: string };
};

/** What the outbox needs of Discord. Every method throws what `failureOf` understands. */
export interface Wire {
  /** @param nonce of 25 characters at most; sent again within some minutes, the same message is given back */
  post(channelId: string, message: Outgoing, nonce: string): Promise<Placed>;
  edit(at: Placed, message: Outgoing): Promise<void>;
  /** Harmless when it was done before. */
  react(at: Pick<Placed, 'channelId' | 'messageId'>, sign: string): Promise<void>;
  /** A message of ours in a channel that says just this, sent since a moment. */
  find(channelId: string, looks: string, since: Date): Promise<Placed | undefined>;
}
