import type { Command } from 'commander';
import type { AgentCard } from '../../domain/agent-card.ts';
import type { TaskReport } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandSetting } from './command-setting.ts';

/** Gets the team, as it is configured. */
export type AgentCards = (context: CommandContext) => Promise<readonly AgentCard[]>;

/** Gets the tasks that are not over. */
export type OpenTasks = (context: CommandContext) => Promise<readonly TaskReport[]>;

/** `agents` and what can be asked about them. */
export function addAgentCommands(
  program: Command,
  { end, context }: CommandSetting,
  cards: AgentCards,
  openTasks: OpenTasks,
): void {
  const agents = program
    .command('agents')
    .description('the team: who does what')
    .option('--json', 'print one agent per line')
    .action(async (options: { json?: boolean }) => {
      const { listAgents } = await import('../commands/agents.ts');
      end(
        await listAgents(
          options,
          () => cards(context()),
          () => openTasks(context()),
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
