export interface OnInit { ngOnInit(): void }
export interface OnDestroy { ngOnDestroy(): void }
export interface AfterViewInit { ngAfterViewInit(): void }
export abstract class DestroyRef { abstract onDestroy(callback: () => void): () => void }
export interface EffectRef { destroy(): void }
export interface WritableSignal<T> { (): T; set(value: T): void; update(update: (value: T) => T): void }
export class ElementRef<T = HTMLElement> { nativeElement: T }
export class NgZone { runOutsideAngular<T>(fn: () => T): T }
export abstract class Renderer2 {
  abstract listen(target: EventTarget | string, type: string, callback: (event: Event) => void): () => void;
}

export function Component(metadata: object): ClassDecorator;
export function Directive(metadata?: object): ClassDecorator;
export function Injectable(metadata?: object): ClassDecorator;
export function HostListener(type: string, args?: string[]): MethodDecorator;
export function inject<T>(token: abstract new (...args: never[]) => T): T;
export function signal<T>(value: T): WritableSignal<T>;
export function effect(run: (onCleanup: (cleanup: () => void) => void) => void): EffectRef;
export function afterNextRender(callback: () => void): void;
