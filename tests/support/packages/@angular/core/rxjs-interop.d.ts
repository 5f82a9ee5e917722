import type { DestroyRef } from '@angular/core';
import type { Observable, OperatorFunction } from 'rxjs';

export function takeUntilDestroyed<T>(destroyRef?: DestroyRef): OperatorFunction<T, T>;
export function toSignal<T>(source: Observable<T>): () => T | undefined;
