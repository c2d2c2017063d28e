declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Eight characters of `[0-9a-z]`, made when the task is submitted. A person types it, so it is short. */
export type TaskId = Branded<'TaskId'>;

/** The id of a Claude Code session: a UUID that we choose before the session exists, so that it can be saved first. */
export type SessionId = Branded<'SessionId'>;

/** Names one installation (one state root on one machine). A task belongs to the machine that holds its workspace. */
export type MachineId = Branded<'MachineId'>;

/** Eight characters of `[0-9a-z]`. A person types it. */
export type ToolRequestId = Branded<'ToolRequestId'>;

/** Eight characters of `[0-9a-z]`. A person types it. */
export type ConversationId = Branded<'ConversationId'>;
