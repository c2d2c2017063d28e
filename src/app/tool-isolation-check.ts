import type { Config } from '../config/config.ts';
import type { Check } from '../domain/check.ts';
import { openToolCells } from '../sandbox/cells/open-cells.ts';
import type { Isolation } from '../sandbox/cells.ts';
import { openRunFile } from '../sandbox/processes/run-file.ts';
import { userHomeOf } from './open-parts.ts';
import { wayToSandbox } from './refusals.ts';

const name = 'Tools';

/** How calls of built tools are kept apart from the machine, found out by making one. */
export async function toolIsolationCheck(config: Config): Promise<Check> {
  const runFile = openRunFile(config.home);
  try {
    const place = { home: userHomeOf(config), stateRoot: config.home };
    const cells = openToolCells(runFile, { ...place, searchPath: config.childEnvironment['PATH'] });
    return checkOf(await cells.isolation(), config.tools.withoutSandbox);
  } finally {
    runFile.close();
  }
}

function checkOf(isolation: Isolation, isAccepted: boolean): Check {
  if (isolation === 'bubblewrap')
    return { name, status: 'ok', found: 'each call of a built tool is isolated (bubblewrap)' };
  const reach = isolation === 'none' ? 'nothing isolates built tools here' : 'only tools of Node can be isolated here';
  if (isAccepted) {
    const found = `${reach}, and [tools] without_sandbox accepts that: they can do what you can`;
    return { name, status: 'warning', found, cure: wayToSandbox };
  }
  const found = `${reach}; ${isolation === 'none' ? 'all of them' : 'others'} are refused`;
  return { name, status: 'warning', found, cure: `${wayToSandbox} Or accept it: [tools] without_sandbox = true` };
}
