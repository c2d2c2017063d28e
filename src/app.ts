import { resolve } from 'node:path';
import { diagnose } from './app/diagnose.ts';
import { openParts, userHomeOf } from './app/open-parts.ts';
import { runningSpiral } from './app/running-spiral.ts';
import { type Config, loadConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { writeExamples } from './config/examples.ts';
import type { SignIn } from './engine/claude-code/environment.ts';
import { startRehearsal } from './rehearsal/server.ts';
import { webScraperPlay, webScraperTask } from './rehearsal/web-scraper/web-scraper-play.ts';
import { type Installation, type OpenOptions, type Spiral, SpiralError } from './spiral.ts';
import { openFolder } from './workspace/files/folder.ts';

/** Opens the system as configured. Throws `SpiralError`. */
export async function openSpiral(options: OpenOptions = {}): Promise<Spiral> {
  const config = await load(options);
  return runningSpiral(await openParts(config, signInOf(config), reporter(options)));
}

/** What the command line works with: the same for every command, each part loaded when it is needed. */
export const installation: Installation = {
  open: openSpiral,

  async openDemo({ workspace, ...options }) {
    const config = await load(options);
    const folder = await openFolder(workspace, { userHome: userHomeOf(config), stateRoot: config.home });
    if (!('path' in folder)) throw new SpiralError('usage', `Cannot work here: ${folder.problem}.`, folder.cure);
    const model = await startRehearsal(webScraperPlay(folder.path));
    const parts = await openParts(
      { ...config, baseUrl: model.baseUrl },
      { kind: 'auth-token', value: 'rehearsal' },
      reporter(options),
    );
    const close = async () => {
      await parts.close();
      await model.close();
    };
    return { spiral: runningSpiral({ ...parts, close }), task: webScraperTask, workspace: folder.path };
  },

  diagnose: (options) => diagnose(() => loadConfig(options)),

  async stopDatabase(options) {
    const config = await load(options);
    const { stopEmbeddedPostgres } = await import('./store/postgres/embedded/embedded-postgres.ts');
    return stopEmbeddedPostgres(config.home);
  },

  async writeExamples(options, folder) {
    return writeExamples(folder === undefined ? (await load(options)).home : resolve(folder));
  },
};

function reporter({ onProblem }: OpenOptions): (problem: string) => void {
  return onProblem ?? ((problem) => process.emitWarning(problem, 'SpiralWarning'));
}

async function load(options: OpenOptions): Promise<Config> {
  try {
    return await loadConfig(options);
  } catch (error) {
    if (error instanceof ConfigError) throw new SpiralError('usage', error.message, error.cure, { cause: error });
    throw error;
  }
}

function signInOf({ signIn, claudeCode }: Config): SignIn | undefined {
  switch (signIn.kind) {
    case 'none':
      return undefined;
    case 'login':
      return { kind: 'login', ...(claudeCode.ownFolder === undefined ? {} : { folder: claudeCode.ownFolder }) };
    case 'api-key':
    case 'auth-token':
    case 'oauth-token':
      return { kind: signIn.kind, value: signIn.secret.reveal() };
  }
}
