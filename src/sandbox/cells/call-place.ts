import type { ToolRun } from '../cells.ts';
import type { startTree, TreeProgram } from '../processes/start-tree.ts';
import type { StopRequests } from '../sandbox.ts';
import { programFoldersInside } from './cell.ts';
import type { Dial } from './hosts/dial.ts';
import type { Permitted } from './permitted.ts';
import type { KnownPrograms } from './programs.ts';

export type CellsSetting = {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute, and without links. */
  readonly stateRoot: string;
  /** Where bubblewrap and its like are looked for. */
  readonly searchPath: string | undefined;
  /** A person accepted for all tools what a call otherwise has to accept by itself. */
  readonly acceptsReducedIsolation?: boolean;
  /** Whose tasks nothing may be started for. */
  readonly stops?: Pick<StopRequests, 'isRequested'>;
  /** How hosts are reached that are allowed: public addresses only, where it is left out. */
  readonly dial?: Dial;
};

/** What a call is made with. */
export type CallPlace = {
  readonly setting: CellsSetting;
  readonly programs: KnownPrograms;
  readonly start: (program: TreeProgram) => ReturnType<typeof startTree>;
  readonly permitted: Permitted;
};

/** The call with the paths that were really allowed. */
export function withRealPaths(run: ToolRun, { folder, scratch, read, write }: Permitted): ToolRun {
  const { scratch: _, ...rest } = run;
  const permissions = { ...run.permissions, read, write };
  return { ...rest, folder, ...(scratch === undefined ? {} : { scratch }), permissions };
}

/** @param scratch where the tool finds it */
export function environmentOf({ environment }: Permitted, scratch: string): Record<string, string> {
  return { ...environment, PATH: programFoldersInside, HOME: scratch, TMPDIR: scratch, LANG: 'C.UTF-8' };
}
