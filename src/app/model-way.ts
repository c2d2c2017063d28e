import type { Config } from '../config/config.ts';
import { limitsOf } from '../domain/budget.ts';
import type { LeaseHolder } from '../domain/lease-holder.ts';
import type { ClaudeCodeSetting } from '../engine/claude-code/claude-code-engine.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { openGateway } from '../gateway/proxy/open-gateway.ts';
import type { Store } from '../store/store.ts';

/** How the model is reached, with every secret in it. */
export type ModelSignIn =
  | { readonly kind: 'api-key' | 'auth-token' | 'oauth-token'; readonly value: string }
  /** Nothing is to be paid: the model is rehearsed, or runs on this machine. */
  | { readonly kind: 'free'; readonly value: string }
  /** `folder` is where Claude Code keeps the login when it is not the usual place. */
  | { readonly kind: 'login'; readonly folder?: string };

type Needs = {
  readonly store: () => Promise<Store>;
  readonly holder: LeaseHolder;
  readonly isAlive: (holder: LeaseHolder) => boolean | undefined;
  readonly report: (problem: string) => void;
};

const usualBaseUrl = 'https://api.anthropic.com';

/** Our gateway before the model; with a login there is no key that we could hold, and Claude Code goes its own way. */
export function wayToModel(
  config: Config,
  signIn: ModelSignIn,
  { store, holder, isAlive, report }: Needs,
): { readonly model: ClaudeCodeSetting['model']; close(): Promise<void> } {
  if (signIn.kind === 'login') {
    const baseUrl = config.baseUrl === undefined ? {} : { baseUrl: config.baseUrl };
    return { model: { kind: 'direct', signIn, ...baseUrl }, close: async () => undefined };
  }
  const variable = (name: string) => config.childEnvironment[name.toLowerCase()] ?? config.childEnvironment[name];
  const gateway: Gateway = openGateway({
    upstream: {
      baseUrl: config.baseUrl ?? usualBaseUrl,
      credentials: { kind: signIn.kind === 'free' ? 'auth-token' : signIn.kind, value: signIn.value },
    },
    store,
    limitsOf: (run) => limitsOf(config.budget.limits, run),
    prices: config.budget.prices,
    isFree: signIn.kind === 'free',
    holder,
    isAlive,
    patienceMs: config.modelApi.patienceSeconds * 1000,
    proxies: {
      httpsProxy: variable('HTTPS_PROXY'),
      httpProxy: variable('HTTP_PROXY'),
      noProxy: variable('NO_PROXY'),
    },
    onProblem: report,
  });
  return { model: { kind: 'gateway', gateway }, close: () => gateway.close() };
}
