type Hook = () => unknown;
export function describe(name: string, fn: () => void): void;
export function it(name: string, fn: (context: { signal: AbortSignal; onTestFinished(fn: Hook): void }) => unknown): void;
export { it as test };
export function beforeAll(fn: Hook): void;
export function beforeEach(fn: Hook): void;
export function afterAll(fn: Hook): void;
export function afterEach(fn: Hook): void;
export function onTestFinished(fn: Hook): void;
interface Assertion { [matcher: string]: (...args: unknown[]) => void }
export function expect(value: unknown): Assertion & { readonly resolves: Assertion; readonly rejects: Assertion };
