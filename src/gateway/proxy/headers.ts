/** What is sent to the model API as proof of who we are. */
export type UpstreamCredentials = {
  readonly kind: 'api-key' | 'auth-token' | 'oauth-token';
  readonly value: string;
};

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const sentOn = /^(anthropic-|x-stainless-|content-type$|user-agent$|accept$|x-app$)/;
const sentBack = /^(content-type$|cache-control$|request-id$|retry-after$|x-should-retry$|anthropic-ratelimit-)/;
const betaOfLogins = 'oauth-2025-04-20';

/** Headers for the model API: those of the client that matter there, and the real credentials in the place of its token. */
export function upstreamHeaders(client: Headers, { kind, value }: UpstreamCredentials): Record<string, string> {
  const headers = { ...chosen(client, sentOn), 'accept-encoding': 'identity' };
  switch (kind) {
    case 'api-key':
      return { ...headers, 'x-api-key': value };
    case 'auth-token':
      return { ...headers, authorization: `Bearer ${value}` };
    case 'oauth-token':
      return { ...headers, authorization: `Bearer ${value}`, 'anthropic-beta': withLogin(client['anthropic-beta']) };
  }
}

/** Headers of an answer that the client gets to see. */
export function clientHeaders(upstream: Headers): Record<string, string> {
  return chosen(upstream, sentBack);
}

/** The token that a client shows. */
export function tokenIn(client: Headers): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(oneOf(client['authorization']) ?? '')?.[1];
  return bearer ?? oneOf(client['x-api-key']);
}

export function oneOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function chosen(headers: Headers, wanted: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const text = oneOf(value);
      return text !== undefined && wanted.test(name.toLowerCase()) ? [[name.toLowerCase(), text]] : [];
    }),
  );
}

function withLogin(betas: string | string[] | undefined): string {
  const named = (oneOf(betas) ?? '').split(',').map((beta) => beta.trim());
  return [...named.filter((beta) => beta !== '' && beta !== betaOfLogins), betaOfLogins].join(',');
}
