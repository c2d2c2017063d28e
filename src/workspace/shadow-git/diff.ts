import type { TaskId } from '../../domain/identifiers.ts';
import { attemptGit, failureOf } from '../git/git.ts';
import { callOn, changedFiles, mostComparedBytes, openRepository, referenceOf, type ShadowGit } from './repository.ts';

/** What git may print before the choice is made of what fits. */
const mostBytes = 32 * 1024 * 1024;

const plain = ['--no-renames', '--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];

/** What differs between two states as a unified diff, at most `characters` long. */
export async function diffBetween(
  shadow: ShadowGit,
  workspace: string,
  task: TaskId,
  before: string,
  after: string,
  characters: number,
): Promise<string> {
  const repository = await openRepository(shadow, workspace);
  const trees = [referenceOf(task, before), referenceOf(task, after)] as const;
  const files = (await changedFiles(repository, ...trees)).length;
  if (files === 0) return '';
  const args = ['-c', `core.bigFileThreshold=${mostComparedBytes}`, 'diff-tree', '-p', '-r', ...plain, ...trees];
  const result = await attemptGit(callOn(repository, args, { outputBytes: mostBytes }));
  if (result.exitCode !== 0 && !result.cut) throw failureOf(['diff-tree'], result);
  const sections = sectionsOf(result.output.toString());
  // The last one is not whole.
  return fitting(result.cut ? sections.slice(0, -1) : sections, files, characters);
}

/** One for each file. A line of a file's text begins with a sign, so that no text can look like a head. */
function sectionsOf(diff: string): string[] {
  return diff.split(/(?<=\n)(?=diff --git )/).flatMap((section) => {
    if (section === '') return [];
    const binary = section.split('\n').find((line) => line.startsWith('Binary files '));
    return [binary === undefined ? section : `${binary}\n`];
  });
}

/**
 * The sections that fit, in order: a long one does not keep shorter ones behind it out. Where none does, the beginning of
 * the first.
 */
function fitting(sections: readonly string[], files: number, characters: number): string {
  const whole = sections.join('');
  if (sections.length === files && whole.length <= characters) return whole;
  let room = characters - leftOut(files).length;
  const taken: string[] = [];
  for (const section of sections) {
    if (section.length > room) continue;
    taken.push(section);
    room -= section.length;
  }
  if (taken.length > 0) return `${taken.join('')}${leftOut(files - taken.length)}`;
  const [first = ''] = sections;
  const end = `\n… the rest of this file is left out\n${files > 1 ? leftOut(files - 1) : ''}`;
  return `${first.slice(0, Math.max(0, characters - end.length))}${end}`.slice(0, Math.max(0, characters));
}

function leftOut(files: number): string {
  return files === 1 ? '… 1 file left out\n' : `… ${files} files left out\n`;
}
