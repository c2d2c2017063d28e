import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import { echo } from './tools.ts';

/** A process that serves a tool and says where; somebody kills it. */
const { url } = await openToolServer({ onProblem: () => undefined }).mount([echo]);
console.log(url);
