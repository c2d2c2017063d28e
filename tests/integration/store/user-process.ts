/**
 * A process of its own that uses an embedded server: opens the one of the home given, says where it is, and leaves when
 * it is told to. Ends when whoever started it does.
 */
import { createInterface } from 'node:readline';
import { openEmbeddedPostgres } from '../../../src/store/postgres/embedded/embedded-postgres.ts';

const home = process.argv[2];
if (home === undefined) throw new Error('usage: user-process.ts HOME');

const { databaseUrl, serverPid, leave } = await openEmbeddedPostgres({ home });
console.log(JSON.stringify({ databaseUrl, serverPid }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'leave') await leave();
  console.log('left');
  break;
}
process.exit();
