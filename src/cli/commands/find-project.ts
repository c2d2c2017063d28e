import type { ProjectTaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId } from './find-task.ts';

const mostProjects = 1000;

/** The one project whose id begins so. */
export async function findProject(spiral: Spiral, idPrefix: string): Promise<ProjectTaskReport> {
  const beginning = beginningOfId(idPrefix);
  const found = (await spiral.projects(mostProjects)).filter(({ id }) => id.startsWith(beginning));
  const [project, another] = found;
  if (!project) throw new UsageError(`There is no project ${beginning}.`, 'List them with: spiral projects');
  if (another) {
    throw new UsageError(
      `Several projects begin with ${beginning}.`,
      `Type more of the id: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return project;
}
