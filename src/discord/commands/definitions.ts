import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import { type AgentRole, agentRoles, shortNames } from '../../domain/agent.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';

const mostText = 4_000;
const mostWords = 2_000;
const mostPrompts = 10_000;

const shortByRole = Object.fromEntries(Object.entries(shortNames).map(([short, role]) => [role, short]));

const agentChoices = agentRoles.map((role: AgentRole) => ({ name: `${role} (@${shortByRole[role]})`, value: role }));

function words(name: string, description: string, most = mostWords): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.String, name, description, max_length: most };
}

function required(option: APIApplicationCommandBasicOption): APIApplicationCommandBasicOption {
  return { ...option, required: true };
}

/** Completed from what there is at the moment: `completions` gives the values. */
function completed(name: string, description: string, isRequired = true): APIApplicationCommandBasicOption {
  return {
    type: ApplicationCommandOptionType.String,
    name,
    description,
    autocomplete: true,
    ...(isRequired ? { required: true } : {}),
  };
}

function flag(name: string, description: string): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.Boolean, name, description };
}

function oneOf(name: string, description: string, values: readonly string[]): APIApplicationCommandBasicOption {
  const choices = values.map((value) => ({ name: value, value }));
  return { type: ApplicationCommandOptionType.String, name, description, choices };
}

function command(
  name: string,
  description: string,
  options: APIApplicationCommandBasicOption[] = [],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    description,
    options,
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

/** What costs are added up for, and since when. */
export const costKeys = ['agent', 'task', 'day'] as const;
export const costPeriods = ['today', 'week', 'month', 'always'] as const;

/** How far a report goes back. */
export const reportPeriods = ['12 hours', 'today', '2 days', 'week'] as const;

/** The slash commands, as Discord is told of them. Who may do what is not said here: it is checked when they are used. */
export const commandDefinitions: RESTPostAPIChatInputApplicationCommandsJSONBody[] = [
  command('task', 'Give a task to an agent', [
    required(words('text', 'What is to be done', mostText)),
    { ...words('agent', 'Who does it'), choices: agentChoices } as APIApplicationCommandBasicOption,
  ]),
  command('project', 'Let the project manager plan something in phases and have it built', [
    required(words('text', 'What is to be built', mostText)),
    oneOf('plan', 'Whether the plan is built at once', ['build', 'ask me first', 'plan only']),
    completed('on', 'A project that this is built on', false),
  ]),
  command('talk', 'Say something to several agents, and see what they say to you and to each other', [
    required(words('text', 'What you say; @qa and so on names who is to answer', mostText)),
    words('to', 'To whom, for example pm,qa; without it, to whoever hears the topic'),
    words('topic', 'One of those in the configuration'),
    completed('conversation', 'A conversation to go on with', false),
  ]),
  command('continue', 'Go on with a finished task, in its session and its folder', [
    completed('task', 'The task'),
    words('text', 'What is to be done next', mostText),
  ]),
  command('tasks', 'What runs and what ran, newest first'),
  command('pending', 'Everything that waits for somebody'),
  command('answer', 'Answer a question of an agent', [
    completed('question', 'The question'),
    completed('choice', 'One of the answers that it offers', false),
    words('words', 'Your words, where the answer needs them'),
  ]),
  command('decide', 'Decide about a tool that an agent lacks', [
    completed('question', 'The request'),
    required(oneOf('decision', 'What is to become of it', decisionKinds)),
    words('agents', 'approve: who builds it, for example dev,qa'),
    {
      type: ApplicationCommandOptionType.Integer,
      name: 'prompts',
      description: 'approve: how many prompts they may use',
      min_value: 1,
      max_value: mostPrompts,
    },
    words('deadline', 'approve: until when, for example 2d'),
    flag('adopt', 'approve: it is used as soon as its checks are green, nobody is asked again'),
    completed('use', 'alternative: what is used instead', false),
    words('until', 'defer: when it is asked again, for example 3d'),
    words('reason', 'alternative, defer, reject: why'),
    words('workaround', 'reject: what is done instead'),
  ]),
  command('grant', 'Give a task that waits at a limit more, or refuse it', [
    completed('question', 'The task that waits'),
    {
      type: ApplicationCommandOptionType.Number,
      name: 'amount',
      description: 'How much more of what ran out',
      min_value: 0,
    },
    flag('refuse', 'Give nothing: the task ends'),
  ]),
  command('stop', 'End the processes of a task, or of all, at once', [completed('task', 'The task, or all')]),
  command('merge', 'Merge the work of a task into its repository', [completed('task', 'The task')]),
  command('projects', 'What the project manager coordinates and coordinated, newest first'),
  command('agents', 'The team: how each agent stands'),
  command('messages', 'What the agents say to each other and to you', [
    completed('conversation', 'One of the conversations, with every word', false),
  ]),
  command('report', 'What is done, what failed, what waits for you, what it cost', [
    oneOf('since', 'Since when', reportPeriods),
  ]),
  command('costs', 'What was spent', [
    oneOf('by', 'What it is added up for', costKeys),
    oneOf('since', 'Since when', costPeriods),
  ]),
  command('tools', 'The tools that every agent has', [completed('tool', 'One of them, with its manual', false)]),
  command('help', 'What you can say here'),
];
