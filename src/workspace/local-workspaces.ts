import { join } from 'node:path';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openAttachments } from './attachments/attachments.ts';
import { contentsOf } from './files/contents.ts';
import { openFolder } from './files/folder.ts';
import { hasFileAt } from './files/has-file.ts';
import { instructionsOf } from './files/instructions.ts';
import { listingOf } from './files/listing.ts';
import { openOwnFolders } from './files/own-folders.ts';
import { surveyOf } from './files/survey.ts';
import { openHistories } from './histories/histories.ts';
import { diffBetween } from './shadow-git/diff.ts';
import { changesBetween, codeChangesBetween, takeSnapshot } from './shadow-git/repository.ts';
import type { Workspaces } from './workspace.ts';
import { openWorktrees } from './worktrees/worktrees.ts';

export type LocalSetting = {
  /** `$SPIRAL_HOME`, absolute and after symlinks. */
  readonly stateRoot: string;
  readonly userHome: string;
  /** The clean environment of children. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sandbox: Pick<Sandbox, 'run'>;
};

/** Folders of this machine, compared by a shadow git repository under the state root. */
export function openLocalWorkspaces({ stateRoot, userHome, environment, sandbox }: LocalSetting): Workspaces {
  const shadow = { root: join(stateRoot, 'shadow'), searchPath: environment['PATH'] ?? '' };
  return {
    open: (path) => openFolder(path, { stateRoot, userHome }),
    own: openOwnFolders(stateRoot),
    attachments: openAttachments(stateRoot),
    survey: surveyOf,
    instructions: instructionsOf,
    listing: listingOf,
    hasFile: hasFileAt,
    contents: contentsOf,
    snapshot: (workspace, task, name) => takeSnapshot(shadow, workspace, task, name),
    changes: (workspace, task, before, after) => changesBetween(shadow, workspace, task, before, after),
    codeChanges: (workspace, task, before, after) => codeChangesBetween(shadow, workspace, task, before, after),
    diff: (workspace, task, before, after, characters) =>
      diffBetween(shadow, workspace, task, before, after, characters),
    worktrees: openWorktrees({ stateRoot, userHome, environment, sandbox }),
    histories: openHistories({ stateRoot, shadow }),
    async verify(workspace, task, changed, setting, signal) {
      // Not needed before a model has worked; loading it earlier would delay that.
      const { verifyWorkspace } = await import('./verification/verify-workspace.ts');
      return verifyWorkspace({ workspace, task, changed, setting, run: sandbox.run, environment, signal });
    },
  };
}
