import type { Config } from '../config/config.ts';
import type { Check } from '../domain/check.ts';
import { openView } from '../sandbox/confinement/open-view.ts';
import { detectContainment } from '../sandbox/processes/containment.ts';
import { userHomeOf } from './open-parts.ts';
import { wayToSandbox as cure } from './refusals.ts';

const name = 'Sandbox';
const acts = 'commands of agents can do what you can, also answer questions in your name';

/** What keeps commands where they belong, found out by trying. */
export async function sandboxCheck(config: Config): Promise<Check> {
  const { mode } = config.sandbox;
  const weak = mode === 'required' ? 'problem' : 'warning';
  const environment = config.childEnvironment;
  if (mode === 'off') {
    return { name, status: 'warning', found: `off: ${acts}`, cure: 'Set [sandbox] mode = "auto" in config.toml.' };
  }
  const containment = await detectContainment(environment['PATH']);
  if (containment !== 'bubblewrap') {
    const end = containment === 'none' ? 'what a killed run leaves' : 'daemons of a killed run';
    return { name, status: weak, found: `no bubblewrap: ${acts}; ${end} end at the next start`, cure };
  }
  const view = await openView({ home: userHomeOf(config), stateRoot: config.home, environment });
  if (!view) return { name, status: weak, found: `bubblewrap ends what is left, but confines nothing: ${acts}`, cure };
  if (!view.nests) return { name, status: weak, found: 'files are confined, the network is not (socat)', cure };
  return { name, status: 'ok', found: `bubblewrap; commands reach ${config.sandbox.hosts.length} hosts and no more` };
}
