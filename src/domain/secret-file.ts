const folders = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.docker', '.azure', '.gcloud', '.git', '.claude']);

const names: readonly RegExp[] = [
  /^\.env(?:rc)?(?:[._-].*)?$/,
  /^.+\.env$/,
  /\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|asc|gpg|ovpn|agekey|tfstate|tfvars)(?:\.(?:bak|old|backup))?$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:$|[._-](?!pub$))/,
  /^\.(?:npmrc|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg|boto|s3cfg|my\.cnf|vault-token|yarnrc\.yml)$/,
  /^_?netrc$/,
  /(?:^|[._-])(?:credentials?|secrets?|passwords?|passwd|tokens?|service[_-]?account|apikeys?|api[_-]keys?)\.(?:json|ya?ml|toml|ini|txt|csv|xml|conf|cfg|properties|env|enc)$/,
  /^(?:credentials?|secrets?|passwords?|passwd|htpasswd)$/,
  /^(?:client_secret|service[_-]account).*\.json$/,
];

/** What only shows which names a real one would have. */
const isTemplate = /\.(?:example|sample|template|dist)$/;

/** Whether a file, by its path, is one that people keep secrets in. Its content may hold one all the same. */
export function isSecretFile(path: string): boolean {
  const parts = path.toLowerCase().split(/[\\/]/);
  const name = parts.at(-1) ?? '';
  if (parts.slice(0, -1).some((folder) => folders.has(folder))) return true;
  return !isTemplate.test(name) && names.some((pattern) => pattern.test(name));
}
