const testFile = /(^|\/)(test[-_][^/]*|[^/]*[._-](test|tests|spec)|tests?|conftest)\.[a-z]+$/i;
const testFolder = /(^|\/)(tests?|__tests__|specs?)(\/|$)/i;

/** Whether a file is a test by the usual names of the common runners, or lies in a folder of tests. */
export function isTestFile(path: string): boolean {
  return testFile.test(path) || testFolder.test(path);
}

/** Whether a folder holds tests by its name, or lies in one that does. */
export function isTestFolder(path: string): boolean {
  return testFolder.test(path);
}
