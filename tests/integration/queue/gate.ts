/** Something that is waited for and opened by hand, in place of a pause. */
export type Gate<Value = void> = {
  readonly opened: Promise<Value>;
  open(value: Value): void;
};

export function gate<Value = void>(): Gate<Value> {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
