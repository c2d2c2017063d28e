import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { questionsOf, rosterOf } from '../agents/roster.ts';
import type { Config } from '../config/config.ts';
import type { AgentRole } from '../domain/agent.ts';
import { limitsOf } from '../domain/budget.ts';
import type { LeaseHolder } from '../domain/lease-holder.ts';
import { turnOf } from '../domain/turn.ts';
import { type ClaudeCodeSetting, openClaudeCodeEngine } from '../engine/claude-code/claude-code-engine.ts';
import { openAnthropicLlm } from '../llm/anthropic/open-anthropic-llm.ts';
import { openClaudeCodeLlm } from '../llm/claude-code/open-claude-code-llm.ts';
import { openReader } from '../llm/claude-code/open-reader.ts';
import type { Llm } from '../llm/llm.ts';
import { openToolCells } from '../sandbox/cells/open-cells.ts';
import { openView } from '../sandbox/confinement/open-view.ts';
import { detectContainment } from '../sandbox/processes/containment.ts';
import { identityOf, isAlive, processNamespace } from '../sandbox/processes/identity.ts';
import { openProcessSandbox } from '../sandbox/processes/process-sandbox.ts';
import { isProgram } from '../sandbox/processes/program.ts';
import { reapLeftovers } from '../sandbox/processes/reap.ts';
import { openRunFile } from '../sandbox/processes/run-file.ts';
import { openStopRequests } from '../sandbox/processes/stop-requests.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openToolServer } from '../toolbox/mcp/open-tool-server.ts';
import { openSessionSlots } from '../workflows/run-task/session-slots.ts';
import { openLocalWorkspaces } from '../workspace/local-workspaces.ts';
import type { VerificationSetting } from '../workspace/workspace.ts';
import { nameOfWorkspace } from '../workspace/workspace-name.ts';
import { allowanceFrom } from './conversations.ts';
import { cyclesOf } from './cycles.ts';
import { loadAgentSdk } from './load-agent-sdk.ts';
import { type ModelSignIn, wayToModel } from './model-way.ts';
import { newTaskId } from './new-ids.ts';
import { nightAt } from './night.ts';
import { noticesOf } from './notices.ts';
import { notifier } from './notify.ts';
import type { Parts } from './parts.ts';
import { loadTemplates } from './prompt-templates.ts';
import { noGit, noSandbox, noSignIn, unattendedWithoutSandbox } from './refusals.ts';
import { openStateRoot, type StateRoot } from './state-root.ts';
import { openStorage, type Storage } from './storage.ts';
import { openToolbox } from './toolbox.ts';
import { filePruner, openUpkeep } from './upkeep.ts';

/** One live Claude Code takes 200-310 MB; twice that leaves room for what it runs. */
const sessionBytes = 600 * 1024 * 1024;
const mostSessions = 8;
/** Tasks that one process drives side by side; most of them wait for a model, a person or a session's place. */
const mostDriven = 6;

/**
 * Opens every part of the system from its configuration. Throws `SpiralError`.
 *
 * @param serves it will work on what is queued: see `OpenOptions`
 */
export async function openParts(
  config: Config,
  signIn: ModelSignIn | undefined,
  report: (problem: string) => void,
  { serves = false }: { readonly serves?: boolean } = {},
): Promise<Parts> {
  // Loading the Agent SDK takes a tenth of a second of this thread; it is begun before anything is waited for.
  if (!serves) loadAgentSdk();
  const root = await openStateRoot(config.home);
  const storage = openStorage(config, root.path, report);
  try {
    return await openAround(storage, root, config, signIn, report, serves);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function openAround(
  storage: Storage,
  root: StateRoot,
  config: Config,
  signIn: ModelSignIn | undefined,
  report: (problem: string) => void,
  serves: boolean,
): Promise<Parts> {
  const place = { home: userHomeOf(config), stateRoot: root.path };
  const environment = config.childEnvironment;
  const hasGit = () => isProgram('git', root.path, environment['PATH']);
  const reading = loadTemplates(root.path);
  // Never for one that may yet be refused: to set a database up takes a second.
  if (serves && signIn && hasGit() && config.sandbox.mode !== 'required') reading.then(storage.begin, () => undefined);
  const [templates, containment, view] = await Promise.all([
    reading,
    detectContainment(environment['PATH']),
    config.sandbox.mode === 'off' ? undefined : openView({ ...place, environment }),
  ]);
  const reaped = reapLeftovers(root.path);
  const runFile = openRunFile(root.path);
  const stops = openStopRequests(root.path, runFile);
  const sandbox = openProcessSandbox(containment, runFile, { view, stops });
  const isConfined = sandbox.confines && sandbox.nests;
  const { store, queue } = storage;
  const holder = self();
  const isHolderAlive = (other: LeaseHolder) => (other.namespace === processNamespace() ? isAlive(other) : undefined);
  const way = signIn && wayToModel(config, signIn, { store, holder, isAlive: isHolderAlive, report });

  const engine = engineFor(config, place, sandbox, way?.model);
  const toolServer = openToolServer({ onProblem: report });
  const toolbox = openToolbox({
    root: root.path,
    store,
    cells: openToolCells(runFile, {
      ...place,
      searchPath: environment['PATH'],
      stops,
      acceptsReducedIsolation: config.tools.withoutSandbox,
    }),
    environment,
    report,
  });
  const cycles = cyclesOf(config, Date.now);

  return {
    store,
    queue,
    stateRoot: root.path,
    engine,
    llm: directWay(way?.model, engine, root.path),
    reader: openReader(engine),
    roster: rosterOf(templates),
    team: questionsOf(templates),
    expectedEfficiency: (agent) => config.agents[agent].efficiencyThreshold,
    attempts: config.projects.attempts,
    newTaskId,
    rehearses: false,
    requireReady() {
      if (!signIn) throw noSignIn();
      if (!hasGit()) throw noGit();
      if (config.sandbox.mode === 'required' && !isConfined) throw noSandbox();
    },
    night() {
      if (!isConfined && !config.unattended.withoutSandbox) throw unattendedWithoutSandbox();
      return nightAt(new Date(), config.unattended.deadline);
    },
    workspaces: openLocalWorkspaces({
      stateRoot: root.path,
      userHome: place.home,
      environment,
      sandbox,
    }),
    verification: verificationOf(config),
    setup: {
      ...(config.repository.setup === undefined ? {} : { command: config.repository.setup }),
      copy: config.repository.copy,
      timeoutMs: config.repository.setupTimeoutSeconds * 1000,
    },
    budget: {
      limitsOf: ({ id, agent, night, project, toolRequest, promptLimit }) =>
        limitsOf(
          // The prompts of a project are those that it was given, whoever of the team spends them.
          { ...config.budget.limits, project: { prompts: promptLimit, ...config.budget.limits.project } },
          {
            taskId: id,
            agent,
            night: night?.name,
            project,
            cycle: cycles.shareOf(agent).limit,
            builds: toolRequest === undefined ? undefined : cycles.buildsOf(agent),
          },
        ),
      cycles,
      atLimit: config.budget.atLimit,
      unattended: { atLimit: config.unattended.atLimit, amounts: config.unattended.grant },
    },
    stops,
    failuresOf: async (failed) => (await import('../workspace/verification/failures.ts')).failuresOf(failed),
    self: holder,
    isAlive: isHolderAlive,
    reapLeftovers: () => void reapLeftovers(root.path),
    now: Date.now,
    machine: root.machine,
    sessions: mostDriven,
    cycle: cycles.current,
    unusedDays: config.tools.unusedDays,
    ownFolder: join(root.path, 'questions'),
    slots: openSessionSlots(store, {
      machine: root.machine,
      most: config.claudeCode.sessions ?? mostSessions,
      hasRoom: () => config.claudeCode.sessions !== undefined || process.availableMemory() >= sessionBytes,
      turn: (agent, waitedMs) => turnOf(config.agents[agent].responsePriority, waitedMs),
    }),
    conversations: {
      allowance: allowanceFrom(config),
      attempts: config.conversations.attempts,
      maxTokens: config.conversations.maxTokens,
    },
    toolServer,
    toolbox,
    topics: config.conversations.topics,
    responsePriority: (agent) => config.agents[agent].responsePriority,
    defaults: (agent) => ({
      promptLimit: config.agents[agent].promptLimit,
      roundTimeoutSeconds: config.agents[agent].roundTimeoutSeconds,
      model: modelOf(config, agent),
    }),
    notify: notifier({
      command: config.system.notify,
      environment: config.childEnvironment,
      cwd: root.path,
      sandbox,
      report,
    }),
    upkeep: openUpkeep({
      ...config.retention,
      now: Date.now,
      pruneFiles: filePruner(root, config.childEnvironment['PATH']),
    }),
    notices: noticesOf(config, signIn, sandbox, reaped),
    report,
    kill: sandbox.killAll,
    async close() {
      await Promise.all([toolServer.close(), toolbox.close()]);
      await way?.close();
      await storage.close();
      runFile.close();
    },
  };
}

function engineFor(
  config: Config,
  place: { readonly home: string; readonly stateRoot: string },
  sandbox: Sandbox,
  model: ClaudeCodeSetting['model'] | undefined,
): Parts['engine'] {
  if (!model) {
    return {
      isMetered: false,
      prepare() {
        throw noSignIn();
      },
    };
  }
  return openClaudeCodeEngine({
    folder: join(place.stateRoot, 'claude-code'),
    environment: config.childEnvironment,
    model,
    sandbox,
    confinement: {
      ...place,
      hosts: config.sandbox.hosts,
      homeOf: nameOfWorkspace,
      writable: model.kind === 'direct' ? loginFilesOf(config, place.home) : [],
    },
  });
}

/** The developer works with Claude Code; the others ask the model directly. */
export function modelOf({ claudeCode, llm }: Config, agent: AgentRole): string {
  return agent === 'developer' ? claudeCode.model : (llm.model ?? claudeCode.model);
}

/** Questions go to the model itself; with a login only Claude Code can put them. */
function directWay(model: ClaudeCodeSetting['model'] | undefined, engine: Parts['engine'], stateRoot: string): Llm {
  return model?.kind === 'gateway'
    ? openAnthropicLlm({ gateway: model.gateway })
    : openClaudeCodeLlm({ engine, folder: join(stateRoot, 'questions') });
}

/** Where Claude Code keeps a login, as far as it is there. */
function loginFilesOf({ claudeCode }: Config, home: string): string[] {
  const places = [claudeCode.ownFolder ?? join(home, '.claude'), join(claudeCode.ownFolder ?? home, '.claude.json')];
  return places.filter((path) => existsSync(path));
}

/** The person's own home folder, which must never become a workspace. */
export function userHomeOf({ childEnvironment }: Pick<Config, 'childEnvironment'>): string {
  return childEnvironment['HOME'] ?? homedir();
}

function verificationOf({ verification, sandbox }: Config): VerificationSetting {
  const { command, junit, timeoutSeconds } = verification;
  return {
    timeoutMs: timeoutSeconds * 1000,
    memoryBytes: sandbox.memoryBytes,
    processes: sandbox.processes,
    ...(command === undefined ? {} : { configured: { command, ...(junit === undefined ? {} : { junit }) } }),
  };
}

function self(): LeaseHolder {
  const identity = identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  return { ...identity, namespace: processNamespace() };
}
