import type { Config } from '../config/config.ts';
import { agentRoles } from '../domain/agent.ts';
import type { Reaped } from '../sandbox/processes/reap.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Notice } from '../spiral.ts';
import type { ModelSignIn } from './model-way.ts';

/** What a person should know at the start. */
export function noticesOf(
  config: Config,
  signIn: ModelSignIn | undefined,
  sandbox: Pick<Sandbox, 'containment' | 'confines' | 'nests'>,
  reaped: readonly Reaped[],
): Notice[] {
  return [
    ...[...config.notices, ...unusedOf(config)].map((text): Notice => ({ about: 'configuration', text })),
    sandbox.confines && sandbox.nests ? confined(config) : notConfined(config),
    ...(sandbox.containment === 'bubblewrap' ? [] : [weakContainment]),
    ...(sandbox.containment !== 'bubblewrap' && config.tools.withoutSandbox ? [toolsNotIsolated] : []),
    ...(signIn?.kind === 'login' ? [keptByFigures] : []),
    ...reaped.map(
      ({ purpose, processes }): Notice => ({
        about: 'reaped',
        text: `Ended what a killed run had left behind: ${processes} ${processes === 1 ? 'process' : 'processes'} of ${purpose}.`,
      }),
    ),
  ];
}

/** What is set and changes nothing. */
function unusedOf({ agents }: Pick<Config, 'agents'>): string[] {
  const roles = agentRoles.filter((role) => agents[role].githubIntegration);
  return roles.length === 0 ? [] : [`github_integration of ${roles.join(', ')} is set, and nothing uses it yet.`];
}

const weakContainment: Notice = {
  about: 'containment',
  text: 'bubblewrap does not work here: what a killed run leaves behind is ended at the next start, not at once.',
};

const toolsNotIsolated: Notice = {
  about: 'containment',
  text: 'Built tools cannot be isolated wholly here, and [tools] without_sandbox accepts that: they can do what you can.',
};

function confined({ sandbox }: Config): Notice {
  return {
    about: 'containment',
    text: `Sandbox: bubblewrap. Commands of agents see the workspace alone and reach ${sandbox.hosts.length} hosts ([sandbox] hosts).`,
  };
}

function notConfined({ sandbox }: Config): Notice {
  const why = sandbox.mode === 'off' ? 'The sandbox is off' : 'No sandbox works here';
  return {
    about: 'containment',
    text: `${why}: commands of agents can do what you can, also answer questions in your name (docs/security.md).`,
  };
}

const keptByFigures: Notice = {
  about: 'budget',
  text: 'Signed in with a login: Claude Code asks the model itself, so the budget is kept from its own figures, after each round.',
};
