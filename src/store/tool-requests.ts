import type { ToolRequestId } from '../domain/identifiers.ts';
import type { ResumedState } from '../domain/task-state.ts';
import type { ToolRequest, ToolRequestOutcome } from '../domain/tool-request.ts';
import type { KeyedNews, NewTask, Writer } from './store.ts';

/** A request as it is first saved, together with the project manager's task that works on it. */
export type NewToolRequest = {
  readonly request: Omit<ToolRequest, 'outcome' | 'filedAt'>;
  readonly work: NewTask;
  /** Of the call by which it is filed; the same call files it once. */
  readonly callId?: string;
};

/** The task that sleeps until the request is closed, and where it goes on. */
export type Sleeper = { readonly writer: Writer; readonly resume: ResumedState };

export type Filed = {
  readonly request: ToolRequest;
  /** `joined`: one of that name was open already. `known`: the same call filed it before. */
  readonly how: 'new' | 'joined' | 'known';
};

export interface ToolRequestStore {
  /**
   * Files a request, in one transaction with its task, the news and the sleep of whoever waits for it. There is one open
   * request for a name: whoever asks for it too joins it. A sleeper of one that is closed by then goes on at once. Throws
   * `LeaseLost`.
   *
   * @param accepted the news of its task
   */
  file(wanted: NewToolRequest, accepted: KeyedNews, sleeper?: Sleeper): Promise<Filed>;
  get(id: ToolRequestId): Promise<ToolRequest | undefined>;
  /** Whose id begins so; at most ten, latest first. */
  find(idPrefix: string): Promise<ToolRequest[]>;
  /** The request that a call of a task filed or joined. */
  ofCall(taskId: string, callId: string): Promise<ToolRequest | undefined>;
  /** Latest first. */
  list(limit: number): Promise<ToolRequest[]>;
  /** How many were filed for this name or as an improvement of this tool, and how many tasks sleep until this one is closed. */
  demandFor(request: Pick<ToolRequest, 'id' | 'name'>): Promise<{ readonly filed: number; readonly sleeping: number }>;
  /** When somebody last asked for a tool to be improved; undefined when nobody did. */
  lastImprovement(tool: string): Promise<Date | undefined>;
  /** How many open requests the work of a task has filed. */
  openOf(taskId: string): Promise<number>;
  /** What builds that came to a version have cost, all together. */
  pastBuilds(): Promise<{ readonly count: number; readonly prompts: number; readonly usd: number }>;
  /**
   * Closes a request: whoever sleeps for it goes on, told what became of it, with the news, in one transaction. False when it
   * was closed before.
   */
  close(id: ToolRequestId, outcome: ToolRequestOutcome): Promise<boolean>;
}
