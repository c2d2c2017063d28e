import type { Tool } from '../domain/tool.ts';

/** A tool that fits a search, best first; the score says nothing by itself. */
export type FoundTool = { readonly tool: Tool; readonly score: number };

/** A version that lies in a folder and was found to be what was adopted. */
export type LoadedTool = {
  readonly tool: Tool;
  /** Absolute; nobody but Spiral writes there. */
  readonly folder: string;
};

/** The registry of built tools on this machine: folders made from the rows, checked at every load. */
export interface Registry {
  /**
   * What is offered now, by name. Counts may be those of the last change of a tool. One that clients would refuse is left out,
   * and `onProblem` is told.
   */
  active(): Promise<readonly Tool[]>;
  /**
   * The served version in its folder. A folder whose contents are not what was adopted is set aside and made anew from the
   * row, and `onProblem` is told. Undefined when there is no such tool, or it is retired. Throws `ToolNotLoadable`.
   */
  load(name: string): Promise<LoadedTool | undefined>;
  /** By words and by likeness; at most `limit`, never filtered by a score. Counts may be those of the last change of a tool. */
  search(text: string, limit: number): Promise<readonly FoundTool[]>;
  /**
   * Told whenever what is offered has changed since it was asked for, here or by another process; it may be told once too
   * often. Returns how to stop it.
   */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** The folder of a tool cannot be made; the row is whole, and a later load may succeed. */
export class ToolNotLoadable extends Error {
  override readonly name = 'ToolNotLoadable';
  readonly cure: string;

  constructor(tool: string, version: string, reason: string, cure: string, options?: ErrorOptions) {
    super(`the tool ${tool} ${version} cannot be loaded: ${reason}`, options);
    this.cure = cure;
  }
}
