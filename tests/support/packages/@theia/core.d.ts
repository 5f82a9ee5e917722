export interface Disposable {
  dispose(): void;
}

export declare namespace Disposable {
  function create(dispose: () => void): Disposable;
}

export declare class DisposableCollection implements Disposable {
  push(disposable: Disposable): Disposable;
  dispose(): void;
}
