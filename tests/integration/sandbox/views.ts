import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { CommandResult, Confinement, Sandbox } from '../../../src/sandbox/sandbox.ts';
import { limits, searchPath } from './containments.ts';

/** A person's machine with something in every place that has to be out of sight. */
export type Machine = {
  readonly home: string;
  readonly stateRoot: string;
  readonly workspace: string;
  /** A folder beside all of these. */
  readonly elsewhere: string;
  readonly sandbox: Sandbox;
  /** Runs a script in a shell under a confinement that may write the workspace alone, unless something else is said. */
  run(
    script: string,
    confinement?: Partial<Confinement>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<CommandResult>;
  leave(): void;
};

/** Where home, state root and workspace lie to each other. */
export const layouts = {
  'the state root and the workspace in the home': { home: 'home', stateRoot: 'home/.spiral', workspace: 'home/work' },
  'three folders side by side': { home: 'home', stateRoot: 'state', workspace: 'work' },
  'a home that is a link': { home: 'link', stateRoot: 'real-home/.spiral', workspace: 'real-home/work' },
  'a home inside the state root': { home: 'state/home', stateRoot: 'state', workspace: 'state/home/work' },
} as const;

export type Layout = { readonly home: string; readonly stateRoot: string; readonly workspace: string };

export const secret = 'canary-3f9a7c';

/** @param root the folder that everything lies in; a new temporary one when it is left out */
export async function newMachine(layout: Layout, root = mkdtempSync(join(tmpdir(), 'spiral-view-'))): Promise<Machine> {
  const base = realpathSync(root);
  if (layout.home === 'link') {
    mkdirSync(join(base, 'real-home'));
    symlinkSync(join(base, 'real-home'), join(base, 'link'));
  }
  const [home, stateRoot, workspace, elsewhere] = [layout.home, layout.stateRoot, layout.workspace, 'elsewhere'].map(
    (path) => {
      mkdirSync(join(base, path), { recursive: true });
      return join(base, path);
    },
  ) as [string, string, string, string];
  mkdirSync(join(home, '.ssh'));
  for (const place of [join(home, '.ssh'), home, stateRoot, workspace, elsewhere])
    writeFileSync(join(place, 'secret.txt'), `${secret}\n`);

  const environment = { PATH: searchPath, HOME: home };
  const runFile = openRunFile(stateRoot);
  const view = await openView({ home, stateRoot: realpathSync(stateRoot), environment });
  const sandbox = openProcessSandbox('bubblewrap', runFile, { view });
  return {
    home,
    stateRoot,
    workspace,
    elsewhere,
    sandbox,
    run: (script, confinement = {}, more = {}) =>
      sandbox.run(
        {
          command: 'sh',
          args: ['-c', script],
          cwd: workspace,
          env: { ...environment, ...more },
          purpose: 'a test',
          confinement: { writable: [workspace], network: 'none', ...confinement },
        },
        limits,
      ),
    leave() {
      sandbox.killAll();
      runFile.close();
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
