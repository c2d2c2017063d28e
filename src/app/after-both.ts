/** What each of two calls once, when it has come so far; with the second call `done` is called. */
export function afterBoth(done: () => void): () => void {
  let isSecond = false;
  return () => {
    if (isSecond) done();
    isSecond = true;
  };
}
