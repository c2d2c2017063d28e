import { join } from 'node:path';
import type { SandboxSettings } from '@anthropic-ai/claude-agent-sdk';
import { secretVariables } from './environment.ts';

export type CommandSandboxSetting = {
  /** What commands may reach over the network. */
  readonly hosts: readonly string[];
  /** Whether somebody is asked about every other host; otherwise they are refused. */
  readonly asksForHosts?: boolean;
  /** Absolute, and without links, like every folder here. */
  readonly workspace: string;
  /** Where the view shows the private home. */
  readonly home: string;
  readonly stateRoot: string;
  /** Where Claude Code keeps its state. */
  readonly folder: string;
  /** Where the engine keeps the file that each command reads first; `folder` when it is left out. */
  readonly engineFolder?: string | undefined;
  /** What else of Claude Code's own no command may read: the file of a login beside its folder. */
  readonly hidden?: readonly string[];
};

/**
 * Claude Code's own sandbox around each command that it runs. It stands inside the view that Claude Code itself has, so it
 * shares that view's `/proc`; the processes in it belong to another user namespace, which closes them to a command.
 */
export function commandSandboxOf(setting: CommandSandboxSetting): SandboxSettings {
  const { hosts, workspace, home, stateRoot, folder, engineFolder = folder, hidden = [] } = setting;
  const { asksForHosts = false } = setting;
  return {
    enabled: true,
    failIfUnavailable: true,
    autoAllowBashIfSandboxed: true,
    allowUnsandboxedCommands: false,
    enableWeakerNestedSandbox: true,
    filesystem: {
      allowWrite: [workspace, home, '/tmp'],
      // Not the whole state root: a workspace may lie in it, and nothing else of it is seen.
      denyWrite: [folder, ...hidden],
      denyRead: [stateRoot, folder, ...hidden],
      // What Claude Code itself gives to each of its commands.
      allowRead: [
        workspace,
        join(folder, 'shell-snapshots'),
        join(folder, 'session-env'),
        join(engineFolder, 'before-each-command.sh'),
      ],
    },
    network: {
      allowedDomains: [...hosts],
      strictAllowlist: !asksForHosts,
      allowUnixSockets: [],
      allowAllUnixSockets: false,
      allowLocalBinding: false,
    },
    credentials: { envVars: secretVariables.map((name) => ({ name, mode: 'deny' as const })) },
  };
}
