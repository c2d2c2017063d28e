import type { GateReport } from '../domain/gate-report.ts';
import type { ToolExample, ToolFiles, ToolManifest, ToolPermissions } from '../domain/tool.ts';

/** What the gate is given: the files alone; nothing that their author says about them counts. */
export type Candidate = {
  readonly files: ToolFiles;
  /** Cases that were written from the request alone; the author never saw them. */
  readonly heldOut: readonly ToolExample[];
  /** What the version that is served may do, when there is one; asking for more is told in the report. */
  readonly before?: ToolPermissions;
  /** The next version that it will get; whatever the manifest says. */
  readonly version: string;
};

export type Gated = {
  readonly report: GateReport;
  /** Present when the manifest could be read. */
  readonly manifest?: ToolManifest;
  /** Why this machine lets no call of it be made, which its author cannot mend: what is run says nothing then. */
  readonly refusal?: string;
  /** What would be published: the files with the manifest as it was checked. */
  readonly files: ToolFiles;
};

/** Proves a tool inside the sandbox. Never rejects for what the tool does. */
export interface Gate {
  /** @param seed of everything that is drawn; the same candidate has the same report */
  check(candidate: Candidate, seed: number, signal: AbortSignal): Promise<Gated>;
}
