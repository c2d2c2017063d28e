import { resolve } from 'node:path';
import type { ModelSignIn } from './app/model-way.ts';
/*
 * Loaded at once is only what stands before the start of Claude Code, whose half second hides the loading of the rest.
 */
import { modelOf, openParts, userHomeOf } from './app/open-parts.ts';
import { plainError } from './app/plain-errors.ts';
import { runningSpiral } from './app/running-spiral.ts';
import { type Config, loadConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { type Installation, type OpenOptions, type Spiral, SpiralError } from './spiral.ts';
import { openFolder } from './workspace/files/folder.ts';

/** Opens the system as configured. Throws `SpiralError`. */
export async function openSpiral(options: OpenOptions = {}): Promise<Spiral> {
  const config = await load(options);
  try {
    return runningSpiral(await openParts(config, signInOf(config), reporter(options), options));
  } catch (error) {
    throw plainError(error);
  }
}

/** What the command line works with: the same for every command, each part loaded when it is needed. */
export const installation: Installation = {
  open: openSpiral,

  async openDemo({ workspace, play, ...options }) {
    const { startRehearsal } = await import('./rehearsal/server.ts');
    const { playNamed } = await import('./app/demo-plays.ts');
    const config = await load(options);
    const folder = await openFolder(workspace, { userHome: userHomeOf(config), stateRoot: config.home });
    if (!('path' in folder)) throw new SpiralError('usage', `Cannot work here: ${folder.problem}.`, folder.cure);
    const { script, ...asked } = await playNamed(play, folder.path);
    const model = await startRehearsal(script);
    const parts = await openParts(
      { ...config, baseUrl: model.baseUrl },
      { kind: 'free', value: 'rehearsal' },
      reporter(options),
    );
    const close = async () => {
      await parts.close();
      await model.close();
    };
    const spiral = runningSpiral({ ...parts, rehearses: true, close });
    return { spiral, request: { ...asked, workspace: folder.path, origin: 'demo' }, workspace: folder.path };
  },

  async agents(options) {
    const [{ agentCards }, { readTemplates }, config] = await Promise.all([
      import('./agents/agent-cards.ts'),
      import('./app/prompt-templates.ts'),
      load(options),
    ]);
    return agentCards(await readTemplates(config.home), (role) => ({
      model: modelOf(config, role),
      promptLimit: config.agents[role].promptLimit,
      githubIntegration: config.agents[role].githubIntegration,
    }));
  },

  async discord(options) {
    const { discord } = await load(options);
    const { botToken, approvers, notificationChannel, apiBase, whitelist, roles, channels } = discord;
    if (botToken === undefined) return undefined;
    return {
      token: botToken.reveal(),
      whitelist,
      roles,
      channels,
      ...(approvers === undefined ? {} : { approvers }),
      ...(notificationChannel === undefined ? {} : { notificationChannel }),
      ...(apiBase === undefined ? {} : { apiBase }),
      defaultAgent: discord.defaultAgent,
      messagesPerMinute: discord.messagesPerMinute,
      remindAfterSeconds: discord.remindAfterSeconds,
    };
  },

  async diagnose(options) {
    const { diagnose } = await import('./app/diagnose.ts');
    return diagnose(() => loadConfig(options));
  },

  async stopDatabase(options) {
    const config = await load(options);
    const { stopEmbeddedPostgres } = await import('./store/postgres/embedded/embedded-postgres.ts');
    return stopEmbeddedPostgres(config.home);
  },

  async stop(options, task) {
    const config = await load(options);
    const { stopEverywhere } = await import('./app/stop-tasks.ts');
    return stopEverywhere(config.home, task, () => openSpiral(options), reporter(options));
  },

  async writeExamples(options, folder) {
    const { writeExamples } = await import('./config/examples.ts');
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

function signInOf({ signIn, claudeCode }: Config): ModelSignIn | undefined {
  switch (signIn.kind) {
    case 'none':
      return undefined;
    case 'login':
      return { kind: 'login', ...(claudeCode.ownFolder === undefined ? {} : { folder: claudeCode.ownFolder }) };
    case 'local-server':
      return { kind: 'free', value: 'local' };
    case 'api-key':
    case 'auth-token':
    case 'oauth-token':
      return { kind: signIn.kind, value: signIn.secret.reveal() };
  }
}
