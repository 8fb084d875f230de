// The dialogs, loaded when the first of them opens.
import { type ComponentProps, lazy, Suspense } from 'react';

const LazyConfirm = lazy(() => import('./dialogs').then((module) => ({ default: module.Confirm })));
const LazyRename = lazy(() => import('./dialogs').then((module) => ({ default: module.Rename })));

export function Confirm(props: ComponentProps<typeof LazyConfirm>) {
  return <Suspense><LazyConfirm {...props} /></Suspense>;
}

export function Rename(props: ComponentProps<typeof LazyRename>) {
  return <Suspense><LazyRename {...props} /></Suspense>;
}
