import { setTimeout as pause } from 'node:timers/promises';
import {
  type PostgresConnection,
  type PostgresConnectionOptions,
  PostgresQueueBackend,
  type QueueBaseOptions,
} from 'bullmq';

/** In seconds: how long a worker trusts NOTIFY before it looks by itself. */
const longestWait = 10;

/**
 * BullMQ's PostgreSQL backend with two changes: a worker whose look for a job failed pauses before the next (BullMQ asks
 * again at once for everything but a refused connection, such as a server that is starting up), and it never waits for
 * NOTIFY alone for as long as an hour.
 */
export class PatientBackend extends PostgresQueueBackend {
  readonly reconnectPause: number;

  constructor(
    connection: PostgresConnection,
    lane: string,
    options: QueueBaseOptions<PostgresConnectionOptions>,
    reconnectPause: number,
  ) {
    super(connection, lane, options);
    this.reconnectPause = reconnectPause;
  }

  override get maximumBlockTimeout(): number {
    return Math.min(super.maximumBlockTimeout, longestWait);
  }

  override async moveToActive(token: string, name?: string): ReturnType<PostgresQueueBackend['moveToActive']> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      await pause(this.reconnectPause, undefined, { ref: false });
      throw error;
    }
  }
}
