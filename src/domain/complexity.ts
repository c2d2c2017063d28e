export type Complexity = 'simple' | 'medium' | 'complex';

/**
 * Parts of a system that each bring work of their own. Two of them in one task, or one in a task of wide scope, make it
 * complex.
 */
const components: readonly RegExp[] = [
  /\b(api|apis|rest|restful|graphql|grpc|endpoints?|backend|web ?(server|service|app|application)|microservices?)\b/,
  /\b(databases?|postgres(ql)?|mysql|sqlite|mongo(db)?|redis|sql|orm|migrations?|schema|persistence)\b/,
  /\b(auth|authentication|authorization|oauth2?|jwt|login|sign-?up|user accounts?|sessions?|permissions)\b/,
  /\b(payments?|checkout|billing|stripe|e-?commerce|shopping cart|invoices?)\b/,
  /\b(frontend|front-end|dashboard|react|vue|svelte|angular|next\.?js|single-page|mobile app)\b/,
  /\b(queues?|kafka|rabbitmq|workers|web ?sockets?|real-?time|streaming|chat)\b/,
  /\b(docker|kubernetes|deployments?|ci\/cd|pipelines?|terraform|infrastructure|monitoring)\b/,
];

const wideScope =
  /\b(systems?|platforms?|full-?stack|complete|entire|end-to-end|whole (project|application)|architecture|rewrite|distributed|multi-tenant|production-ready)\b/;

const smallScope =
  /\b(scripts?|one-?liners?|two-?line|snippets?|hello,? world|typo|rename|a functions?|print|prints|echo|regex|single file|tiny|minor)\b/;

const moderateScope =
  /\b(tests?|test suite|error handling|scrapers?|crawlers?|cli|command-line|library|package|module|parsers?|tool|documentation|bot|game|refactor|integration|plugin|extension|classes|validation|web)\b/;

const longTask = 400;
const shortTask = 80;

/**
 * How much work a task is likely to be, from its words alone: no model is asked, so it costs nothing and is always the
 * same. It only sets the ceiling of rounds (`maxIterations`); a wrong guess costs no correctness.
 */
export function complexityOf(text: string): Complexity {
  const words = text.toLowerCase();
  const parts = components.filter((component) => component.test(words)).length;
  if (parts >= 2 || (parts === 1 && wideScope.test(words)) || parts + listItems(text) >= 4) return 'complex';
  if (parts === 1 || text.length > longTask || moderateScope.test(words)) return 'medium';
  if (smallScope.test(words) || text.length <= shortTask) return 'simple';
  return 'medium';
}

function listItems(text: string): number {
  return text.split('\n').filter((line) => /^\s*([-*•]|\d+[.)])\s+\S/.test(line)).length;
}
