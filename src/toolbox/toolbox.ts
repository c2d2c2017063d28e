/** What a tool is told of the call that it answers. */
export type ToolCall = {
  /** The coding agent's own id of the call; the same when the session makes the call again after it was resumed. */
  readonly callId?: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

/** What the model reads as the answer of a call. */
export type ToolAnswer = { readonly text: string; readonly isError?: boolean };

/** A function of ours that the model of a session may call. */
export type OwnTool = {
  /** Unique in its session: letters, digits, `_` and `-`. */
  readonly name: string;
  /** Tells the model what it is for. */
  readonly description: string;
  /** JSON Schema of an object; the model gets it as it stands here. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Whether the model sees it at once; otherwise the coding agent may let the model search for it first. */
  readonly alwaysLoad?: boolean;
  /** The tool itself says what does not fit; its schema is only shown. */
  readonly checksInput?: boolean;
  /**
   * Answers one call; it may take as long as it likes.
   *
   * @param input fits `inputSchema`, unless the tool checks it itself
   * @throws whatever happens; the model learns only that the tool failed
   */
  call(input: unknown, call: ToolCall): Promise<ToolAnswer>;
};

/** Tools that may come and go while a session runs. */
export type ToolSource = {
  /**
   * What is offered now. One that cannot be served is left out. When it rejects, the client learns that the tools cannot be
   * listed.
   */
  tools(): Promise<readonly OwnTool[]>;
  /** Told whenever other tools are offered. Returns how to stop it. */
  onChange(listener: () => void): () => void;
};

/** The way to the tools of one session. */
export type ToolAccess = {
  readonly url: string;
  /** What a client shows as `Authorization: Bearer …`; worth nothing once the tools are unmounted. */
  readonly token: string;
  /** The names of the tools; `changing`: nobody can say. */
  readonly names: readonly string[] | 'changing';
};

export type ToolMount = ToolAccess & {
  /** Resolves when they can be called; a client that comes before waits. Rejects with `ToolNotServable`. */
  readonly ready: Promise<void>;
  /** Takes the tools away at once and aborts their open calls, without waiting for them. Never rejects. */
  unmount(): Promise<void>;
};

/**
 * Serves our own functions to coding agents of this machine. Each mount is for one session, which sees its own tools and no
 * others. An input that does not fit, and a tool that throws, become an answer that the model can read.
 */
export interface ToolServer {
  /**
   * Whoever mounts tools of their own making knows that they can be served, and need not wait for `ready`. Clients of a source
   * are told when it has changed.
   */
  mount(tools: readonly OwnTool[] | ToolSource): Promise<ToolMount>;
  /** Unmounts everything and ends every connection. */
  close(): Promise<void>;
}

/** A tool cannot be offered as it is described; whoever wrote it has to mend it. */
export class ToolNotServable extends Error {
  override readonly name = 'ToolNotServable';
  constructor(tool: string, reason: string) {
    super(`the tool ${tool} cannot be served: ${reason}`);
  }
}
