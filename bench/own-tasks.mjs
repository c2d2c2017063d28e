// Ours: a process that lives on, has the library opened, and runs one task for each message { workspace } from its parent.
// Answers with times of the task and the memory of this process; { collect: true } only forces a garbage collection first.
const opening = import(new URL('../dist/app.js', import.meta.url).href).then(({ openSpiral }) => openSpiral());

async function run(spiral, workspace) {
  const begun = performance.now();
  const request = { text: 'Write a note', agent: 'developer', workspace, origin: 'library' };
  const submission = await spiral.submit(request, { driveHere: true });
  if (submission.kind === 'refused') throw new Error(submission.problem);
  const { taskId } = submission;
  const driven = spiral.drive(taskId);
  const watching = new AbortController();
  const at = {};
  let finishedMs = Number.NaN;
  let status = '';
  for await (const event of spiral.watch({ after: 0, taskId }, watching.signal)) {
    at[event.type] ??= Date.parse(event.at);
    if (event.type !== 'task.finished') continue;
    finishedMs = performance.now() - begun;
    status = event.outcome.status;
    break;
  }
  watching.abort();
  await driven;
  return { status, finishedMs, roundOverMs: at['task.finished'] - at['engine.finished'] };
}

process.on('message', async ({ workspace, collect }) => {
  const spiral = await opening;
  if (collect) globalThis.gc();
  const times = workspace === undefined ? {} : await run(spiral, workspace);
  const { rss, heapUsed } = process.memoryUsage();
  process.send({ ...times, residentMegabytes: rss / 1024 ** 2, heapMegabytes: heapUsed / 1024 ** 2 });
});
process.on('disconnect', async () => {
  await (await opening).close();
  process.exit();
});
