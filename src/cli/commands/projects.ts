import type { ProjectReport } from '../../domain/project-report.ts';
import type { Spiral } from '../../spiral.ts';
import { countFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { projectDetails, projectLines, projectReportLines } from '../render/projects.ts';
import { UsageError } from '../usage-error.ts';
import { findProject } from './find-project.ts';
import { findTask } from './find-task.ts';
import { goOn } from './go-on.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

const page = 1000;

/** `spiral projects`. */
export async function listProjects(
  options: { readonly limit: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const limit = countFrom(options.limit);
  return withSystem(context, async (spiral) => {
    const projects = await spiral.projects(limit);
    print(options.json ? projects.map((one) => JSON.stringify(one)) : projectLines(projects, Date.now()));
    return exitCodes.succeeded;
  });
}

/** `spiral projects show ID`. */
export async function showProject(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    print(projectDetails(await findProject(spiral, id), Date.now()));
    return exitCodes.succeeded;
  });
}

/** `spiral projects report ID`: what it came to. */
export async function reportProject(
  id: string,
  options: { readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const project = await findProject(spiral, id);
    const report = await reportOf(spiral, project.id);
    if (!report) {
      throw new UsageError(
        `Project ${project.id} is not over.`,
        `See how it stands: spiral projects show ${project.id}`,
      );
    }
    print(options.json ? [JSON.stringify(report)] : projectReportLines(report));
    return exitCodes.succeeded;
  });
}

async function reportOf(spiral: Spiral, taskId: ProjectId): Promise<ProjectReport | undefined> {
  let after = 0;
  for (;;) {
    const events = await spiral.events({ after, taskId }, page);
    const found = events.find((event) => event.type === 'project.finished');
    if (found?.type === 'project.finished') return found.report;
    if (events.length < page) return undefined;
    after = events.at(-1)?.id ?? after;
  }
}

type ProjectId = Parameters<Spiral['cancel']>[0];

/** `spiral projects cancel ID`: ends it and everything that runs of it. */
export async function cancelProject(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const project = await findProject(spiral, id);
    if (!(await spiral.cancel(project.id))) throw overAlready(project.id);
    process.stderr.write(`🛑 Project ${project.id} ends; what was built stays in ${project.workspace}.\n`);
    return exitCodes.succeeded;
  });
}

/** `spiral projects hold ID`: breaks off what runs of it and leaves it as it is. */
export async function holdProject(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const project = await findProject(spiral, id);
    if (project.state.kind === 'finished') throw overAlready(project.id);
    const isNew = await spiral.hold(project.id, true);
    process.stderr.write(`⏸️  Project ${project.id} ${isNew ? 'is held' : 'was held before'}.\n`);
    process.stderr.write(`   Let it go on: spiral projects continue ${project.id}\n`);
    return exitCodes.succeeded;
  });
}

/** `spiral projects continue ID`: takes a held or an interrupted one up again, in the same sessions. */
export async function continueProject(
  id: string,
  options: { readonly json: boolean },
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const project = await findProject(spiral, id);
    if (project.state.kind === 'finished') throw overAlready(project.id);
    const after = await spiral.lastEvent();
    await spiral.hold(project.id, false);
    const task = await findTask(spiral, project.id);
    if (task.driven) {
      throw new UsageError(
        `Project ${task.id} is being worked on.`,
        `Watch it with: spiral events --follow --task ${task.id}`,
      );
    }
    return goOn(spiral, task, { ...options, after });
  });
}

function overAlready(id: string): UsageError {
  return new UsageError(
    `Project ${id} is over.`,
    `See what it came to: spiral projects report ${id}. Build on it: spiral --project ${id} "…"`,
  );
}
