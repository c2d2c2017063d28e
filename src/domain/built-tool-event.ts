import type { ToolProvenance, ToolUse } from './tool.ts';

/** News of tools that were built. They are everybody's: only a use may belong to a task. */
export type BuiltToolNews =
  /** A version was adopted; it is served from then on. */
  | {
      readonly type: 'tool.registered';
      readonly taskId?: never;
      readonly name: string;
      readonly version: string;
      /** The request that it was built for. */
      readonly requestId?: string;
      /** Adoption is always a human's; `beforehand`: the decision to build it said so. */
      readonly adopted: ToolProvenance['adopted'];
    }
  /** Another version, which was registered before, is served from then on. */
  | {
      readonly type: 'tool.served';
      readonly taskId?: never;
      readonly name: string;
      readonly version: string;
      readonly reason: string;
    }
  | { readonly type: 'tool.retired'; readonly taskId?: never; readonly name: string; readonly reason: string }
  | { readonly type: 'tool.restored'; readonly taskId?: never; readonly name: string }
  | ({ readonly type: 'tool.used' } & ToolUse);
