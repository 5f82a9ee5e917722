export { filter, finalize, first, map, switchMap, take, takeUntil, tap } from 'rxjs';
