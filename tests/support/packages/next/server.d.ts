export function after(task: Promise<unknown> | (() => unknown)): void;
