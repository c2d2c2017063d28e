// A program on the built library: queues tasks for whoever serves, and prints their ids, one a line. Its argument is a list
// of requests as JSON.
import { openSpiral } from '../../dist/app.js';

const spiral = await openSpiral();
for (const request of JSON.parse(process.argv[2] ?? '[]')) {
  const submission = await spiral.submit({ origin: 'library', ...request });
  if (submission.kind === 'refused') throw new Error(submission.problem);
  console.log(submission.taskId);
}
await spiral.close();
