// What a role lets somebody do, so that no button stands there only to refuse. The server decides; its table is
// in crates/platform/src/caller.rs.
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries';
import { hasSession } from './session';
import { t, tMaybe } from './t';

export const ROLES = ['user', 'data-scientist', 'ml-engineer', 'analyst', 'guest', 'admin'] as const;

export type Right = 'read' | 'make' | 'run';

export function allows(role: string | undefined, right: Right): boolean {
  if (role === undefined) return false;
  switch (right) {
    case 'read':
      return role !== 'guest';
    case 'make':
      return role !== 'guest' && role !== 'analyst';
    case 'run':
      return role === 'admin';
  }
}

/** Whether the signed-in person may: see (`read`), bring data and train (`make`), administer (`run`). */
export function useMay(right: Right): boolean {
  const me = useQuery({ ...meQuery, enabled: hasSession() });
  return allows(me.data?.role, right);
}

export function roleName(role: string): string {
  return tMaybe(`role.${role}`, role);
}

export const roleChoices = () => ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }));
