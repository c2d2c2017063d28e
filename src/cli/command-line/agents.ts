import type { Command } from 'commander';
import type { AgentCard } from '../../domain/agent-card.ts';
import type { CommandContext } from '../command-context.ts';
import type { TeamSpiral } from '../commands/watch-agents.ts';
import type { CommandSetting } from './command-setting.ts';

/** Gets the team, as it is configured. */
export type AgentCards = (context: CommandContext) => Promise<readonly AgentCard[]>;

/** Opens the system for one deed and closes it again. */
export type WithTeam = <Result>(
  context: CommandContext,
  deed: (spiral: TeamSpiral) => Promise<Result>,
) => Promise<Result>;

/** `agents` and what can be asked about them. */
export function addAgentCommands(
  program: Command,
  { end, context }: CommandSetting,
  cards: AgentCards,
  withTeam: WithTeam,
): void {
  const agents = program
    .command('agents')
    .description('the team: how each agent stands, its prompts, tasks, conversations, sessions and efficiency')
    .option('--json', 'print one agent per line, with everything')
    .option('--watch', 'show it again whenever it changes, until Ctrl-C')
    .action(async (options: { json?: boolean; watch?: boolean }) => {
      const { listAgents } = await import('../commands/agents.ts');
      end(
        await listAgents(
          options,
          () => cards(context()),
          (deed) => withTeam(context(), deed),
        ),
      );
    });
  agents
    .command('show')
    .description('one agent: its duty, how it works, and what it is told')
    .argument('<role>', 'a whole or a short name')
    .option('--prompt [template]', 'print its prompt templates whole, or one of them and nothing else')
    .action(async (role: string, options: { prompt?: true | string }) => {
      const { showAgent } = await import('../commands/agents.ts');
      end(await showAgent(role, options, () => cards(context())));
    });
  agents
    .command('priority')
    .description('how the team scores a matter: importance times urgency, with its band; no model is asked')
    .argument('<importance>', 'from 1 to 10')
    .argument('<urgency>', 'from 1 to 10')
    .action(async (importance: string, urgency: string) => {
      const { tellPriority } = await import('../commands/agents.ts');
      end(tellPriority(importance, urgency));
    });
}
