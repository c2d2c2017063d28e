import { expect, test } from 'vitest';
import { isSecretFile } from './secret-file.ts';

test.each([
  '.env',
  '.env.local',
  'deep/down/.ENV.production',
  'prod.env',
  '.envrc',
  'server.pem',
  'tls/server.key',
  'server.key.bak',
  'id_rsa',
  'id_ed25519',
  'id_rsa.old',
  '.ssh/config',
  'home/.aws/anything',
  '.npmrc',
  '.netrc',
  '.git-credentials',
  'credentials',
  'credentials.json',
  'config/secrets.yml',
  'db-passwords.txt',
  'client_secret_1234.json',
  'service-account.json',
  'release.keystore',
  'terraform.tfstate',
])('%s is kept back', (path) => {
  expect(isSecretFile(path)).toBe(true);
});

test.each([
  'todo.py',
  'src/environment.ts',
  '.env.example',
  'id_rsa.pub',
  'src/keyboard.ts',
  'tokens.test.ts',
  'src/secrets.ts',
  'README.md',
  'monkey',
  'credential_store.py',
])('%s is shown', (path) => {
  expect(isSecretFile(path)).toBe(false);
});
