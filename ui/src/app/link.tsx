// Links and moves by plain addresses: most of ours carry an id made at run time.
import { Link as RouterLink, useNavigate } from '@tanstack/react-router';
import { type ComponentProps, forwardRef } from 'react';

type Props = Omit<ComponentProps<'a'>, 'href'> & { to: string; search?: Record<string, string | undefined>; replace?: boolean; exact?: boolean; hash?: string };

export const Link = forwardRef<HTMLAnchorElement, Props>(function Link({ to, search, exact, hash, ...rest }, ref) {
  const props = { ...rest, to, search, hash, activeOptions: { exact: exact ?? false }, preload: 'intent' } as unknown as ComponentProps<typeof RouterLink>;
  return <RouterLink {...props} ref={ref} />;
});

/** Goes to an address; `replace` leaves no trace in the history. */
export function useGo() {
  const navigate = useNavigate();
  return (to: string, options: { replace?: boolean } = {}) => {
    const [pathname, query] = to.split('?');
    const search = Object.fromEntries(new URLSearchParams(query ?? ''));
    return navigate({ to: pathname as never, search: search as never, replace: options.replace });
  };
}
