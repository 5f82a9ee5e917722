export interface ReactiveController { hostConnected?(): void; hostDisconnected?(): void }
export interface ReactiveControllerHost {
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<boolean>;
}

export class LitElement extends HTMLElement implements ReactiveControllerHost {
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<boolean>;
  connectedCallback(): void;
  disconnectedCallback(): void;
  protected firstUpdated(): void;
  protected render(): unknown;
}
export function html(strings: TemplateStringsArray, ...values: unknown[]): object;
export function css(strings: TemplateStringsArray, ...values: unknown[]): object;
