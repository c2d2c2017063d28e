import { serveMail } from '../src/workflows/converse/serve-mail.ts';
import { openMailNeeds } from '../tests/support/mail-needs.ts';

// A process that handles mail: tells its parent when it is ready, and ends when its parent lets go of it. What it answers is a
// courtesy: nobody answers that, so that each message has exactly one reply.

const { queue, needs, close } = await openMailNeeds('bench', { text: 'Done, thank you!' });
const stop = new AbortController();
process.on('disconnect', () => stop.abort());
await serveMail(queue, needs, stop.signal, () => process.send?.('ready'));
await close();
