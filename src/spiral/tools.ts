import type { GateReport } from '../domain/gate-report.ts';
import type { Tool, ToolExample, ToolManifest, ToolUse, ToolVersion } from '../domain/tool.ts';
import type { ToolDecision } from '../domain/tool-decision.ts';
import type { ToolRequest } from '../domain/tool-request.ts';

/** A tool that the gate looks at: the served version of a name, or what lies in a folder. */
export type ToolToProve = ({ readonly name: string } | { readonly folder: string }) & {
  /** Held-out cases. Of a version that is there they may be absent: it passed such when it was adopted. */
  readonly cases?: readonly ToolExample[];
};

/** What the gate saw. */
export type ToolProof = {
  readonly report: GateReport;
  readonly isGreen: boolean;
  /** Why this machine lets no call of it be made, so that nothing was tried. */
  readonly refusal?: string;
  /** The version that it is, or is to get. */
  readonly version: string;
  /** Absent when `tool.json` cannot be read. */
  readonly manifest?: ToolManifest;
  /** What it asks for that no version that is served has, by the names of `domain/tool-rights.ts`. */
  readonly newRights: readonly string[];
};

export type ToolAdoption =
  | { readonly kind: 'adopted'; readonly proof: ToolProof; readonly version: ToolVersion }
  /** These very files are served already. */
  | { readonly kind: 'there'; readonly version: ToolVersion }
  | { readonly kind: 'red'; readonly proof: ToolProof }
  /** It is green, and asks for rights that were not allowed by name. */
  | { readonly kind: 'asks'; readonly proof: ToolProof; readonly rights: readonly string[] };

/** What came of a call: the output as JSON, or why there is none. */
export type ToolCallEnd = {
  readonly text: string;
  /** `unavailable`: it could not be called, for a reason that has nothing to do with the tool itself. */
  readonly outcome: ToolUse['outcome'] | 'unavailable';
};

/** A version beside the one before it. */
export type ToolChange = {
  readonly name: string;
  /** Absent for what is not published. */
  readonly version?: string;
  /** Absent for the first one, which is all new. */
  readonly before?: string;
  /** A unified diff of all files, in which nothing is left unseen. */
  readonly lines: readonly string[];
};

/** What people do with tools and with requests for them. */
export interface ToolFace {
  /** Requests for tools, latest first. */
  toolRequests(limit: number): Promise<ToolRequest[]>;
  /** The requests whose id begins so. */
  findToolRequests(idPrefix: string): Promise<ToolRequest[]>;
  /**
   * Decides a question of the kind `tool-request`. False when that was decided before. Only people call this: no agent can
   * reach it. Throws `SpiralError` for a decision that makes no sense.
   */
  decide(questionId: string, decision: ToolDecision): Promise<boolean>;
  /** Takes a built tool away from everybody; nothing of it is deleted. False when there is none, or it was before. */
  retireTool(name: string, reason: string): Promise<boolean>;
  /** Every tool that was ever adopted, by name. */
  tools(): Promise<Tool[]>;
  /** Oldest first. */
  toolVersions(name: string): Promise<ToolVersion[]>;
  /**
   * What a version changes: the served one of a tool beside the one before it, or, by the beginning of the id of a request, what
   * lies in the folder of its build beside what is served. Throws `SpiralError` when there is neither.
   */
  toolChange(nameOrRequest: string): Promise<ToolChange>;
  /** The manual of the served version, where it has one. */
  toolManual(name: string): Promise<string | undefined>;
  /**
   * Calls a tool as a person does; checked and counted as every call. Throws `SpiralError` when there is no such tool.
   *
   * @param workspace what the tool may reach of the folder of whoever calls it; nothing when it is left out
   */
  callTool(
    call: { readonly name: string; readonly input: unknown; readonly workspace?: string },
    signal: AbortSignal,
  ): Promise<ToolCallEnd>;
  /** Lets the gate look at a tool; nothing of it is saved. Throws `SpiralError` when there is none. */
  proveTool(tool: ToolToProve, signal: AbortSignal): Promise<ToolProof>;
  /**
   * Adopts what lies in a folder, when the gate is green and every new right is allowed by its name. What was proved a moment
   * ago is not proved again. Only people call this: no agent can reach it.
   */
  adoptTool(
    tool: { readonly folder: string; readonly cases?: readonly ToolExample[]; readonly allow: readonly string[] },
    signal: AbortSignal,
  ): Promise<ToolAdoption>;
  /** Serves another version, also in sessions that run. False when there is none of that number, or it is served already. */
  serveTool(name: string, version: string, reason: string): Promise<boolean>;
  /** Offers a retired tool again. False when nothing changed. */
  restoreTool(name: string): Promise<boolean>;
  /**
   * Serves every active tool to one client over the Model Context Protocol, until the client is gone or the signal aborts.
   * Calls count as a person's.
   */
  serveMcp(
    channel: {
      readonly input: NodeJS.ReadableStream;
      readonly output: NodeJS.WritableStream;
      readonly workspace?: string;
    },
    signal: AbortSignal,
  ): Promise<void>;
}
