// The command menu: type a few letters of a page, a model or a table, press Enter.
import { TextInput, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { datasetsQuery, meQuery, modelsQuery } from '../../api/queries';
import { useGo } from '../../app/link';
import { allows } from '../../app/rights';
import { signOut } from '../../app/session';
import { t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import { type Command, commands, matching } from './commands';
import './menu.css';

export function Menu({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const go = useGo();
  const id = useId();
  const me = useQuery(meQuery);
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const search = useDeferredValue(typed.trim());
  const mayRead = allows(me.data?.role, 'read');
  const models = useQuery({ ...modelsQuery({ search, limit: 5 }), enabled: mayRead && search.length > 1 });
  const datasets = useQuery({ ...datasetsQuery({ search, limit: 5 }), enabled: mayRead && search.length > 1 });
  const fixed = useMemo(() => commands(me.data?.role), [me.data?.role]);
  const found: Command[] = [
    ...matching(fixed, typed),
    ...(search.length > 1 ? (models.data?.items ?? []).map((one) => ({ id: one.id, label: `${one.name} v${one.version}`, group: t('menu.model'), to: `/models/${one.id}` })) : []),
    ...(search.length > 1 ? (datasets.data?.items ?? []).map((one) => ({ id: one.id, label: one.name, group: t('menu.data'), to: `/data/${one.id}` })) : []),
  ];
  const here = Math.min(at, Math.max(0, found.length - 1));
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [here]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    if (command.act === 'keys') return onKeys();
    onClose();
    if (command.to) void go(command.to);
    else if (command.act === 'theme') setColorScheme(dark ? 'light' : 'dark');
    else if (command.act === 'out') void signOut();
  };
  const onKey = (event: KeyboardEvent) => {
    const last = found.length - 1;
    const to = { ArrowDown: here === last ? 0 : here + 1, ArrowUp: here === 0 ? last : here - 1, PageDown: Math.min(last, here + 8), PageUp: Math.max(0, here - 8) }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      setAt(to);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[here]);
    }
  };
  return (
    <Dialog onClose={onClose} title={t('menu.title')}>
      <div className="stack" style={{ '--gap': '12px' } as React.CSSProperties}>
        <TextInput
          label={t('menu.label')} placeholder={t('menu.placeholder')} value={typed} autoComplete="off" spellCheck={false} data-autofocus
          role="combobox" aria-expanded="true" aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={found[here] ? `${id}-${found[here].id}` : undefined}
          onChange={(event) => { setTyped(event.currentTarget.value); setAt(0); }} onKeyDown={onKey}
        />
        <ul className="menu-list" role="listbox" id={`${id}-list`} aria-label={t('menu.title')} ref={list}>
          {found.map((command, index) => (
            // Keys reach the list through the field above; the mouse presses its lines.
            <li key={command.id} id={`${id}-${command.id}`} role="option" aria-selected={index === here} onMouseMove={() => setAt(index)} onClick={() => run(command)}>
              <span className="clip"><bdi>{command.label}</bdi></span><span className="tiny soft">{command.group}</span>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="soft" role="status">{t('list.none', { search: typed })}</p>}
      </div>
    </Dialog>
  );
}
