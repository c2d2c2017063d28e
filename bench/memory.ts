import * as z from 'zod';
import { say, write } from '../src/rehearsal/play.ts';
import { startAsked } from './asked-process.ts';
import { figuresOf, printTable, slopeOf, told } from './figures.ts';
import { familyOf, residentMegabytes } from './processes.ts';
import { openStage, ownTasks, type Stage } from './stage.ts';

const tasks = 50;
const marks = [10, 20, 30, 40, 50];
/** What is loaded and filled once is no growth. */
const warmUps = 10;

const answerSchema = z.object({ residentMegabytes: z.number(), heapMegabytes: z.number() });
const taskSchema = answerSchema.extend({ status: z.literal('succeeded') });

/**
 * Memory of our process over many tasks, one after the other, each with one file written. First as it is; then, in a new
 * process, with a garbage collection forced after each task, which tells a leak from garbage that nobody has collected.
 */
export async function memory(): Promise<void> {
  let childrenNow: () => void = () => undefined;
  const stage = await openStage(({ turn, prompts }) => {
    childrenNow();
    const blocks = turn === 0 && prompts.length === 1 ? [write('note.txt', 'A note.\n')] : [say('Done.')];
    return { kind: 'message', blocks };
  });
  const children: number[] = [];
  try {
    const asItIs = await measure(stage, 'plain', [], (pid) => {
      childrenNow = () => children.push(residentMegabytes(familyOf(pid).map((one) => one.pid)));
    });
    childrenNow = () => undefined;
    const collected = await measure(stage, 'collected', ['--expose-gc'], () => undefined);
    const resident = asItIs.map((answer) => answer.residentMegabytes);
    const living = collected.map((answer) => answer.heapMegabytes);
    const residentCollected = collected.map((answer) => answer.residentMegabytes);
    printTable([
      [`RSS of our process after ${marks.join(', ')} tasks`, `${at(marks, resident)} MB`],
      ['  slope', slope(resident)],
      ['the same, garbage collection forced after each task', `${at(marks, residentCollected)} MB`],
      ['  slope', slope(residentCollected)],
      ['living heap after each forced collection', `${at(marks, living)} MB`],
      ['  slope', slope(living)],
      ['children together while the model is asked', `${told(figuresOf(children), 'MB')} RSS, shared pages twice`],
    ]);
    console.log(`Slopes are over tasks ${warmUps + 1} to ${tasks}. PostgreSQL is not among the children.`);
  } finally {
    await stage.close();
  }
}

async function measure(
  stage: Stage,
  name: string,
  nodeOptions: readonly string[],
  started: (pid: number) => void,
): Promise<z.infer<typeof answerSchema>[]> {
  const own = startAsked(ownTasks, stage.environment, stage.folder, nodeOptions);
  started(own.pid);
  const collects = nodeOptions.length > 0;
  const answers: z.infer<typeof answerSchema>[] = [];
  try {
    for (let task = 0; task < tasks; task += 1) {
      const after = taskSchema.parse(await own.ask({ workspace: stage.workspace(`${name}-${task}`) }));
      answers.push(collects ? answerSchema.parse(await own.ask({ collect: true })) : after);
    }
  } finally {
    await own.end();
  }
  return answers;
}

function at(counts: readonly number[], values: readonly number[]): string {
  return counts.map((count) => (values[count - 1] ?? Number.NaN).toFixed(1)).join(', ');
}

function slope(values: readonly number[]): string {
  return `${(slopeOf(values.slice(warmUps)) * 10).toFixed(2)} MB per 10 tasks`;
}
