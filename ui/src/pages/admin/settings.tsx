// What an administrator can change while the place runs. The fields come from the server's list: a new setting shows up
// here by itself, under "more".
import { Button, NumberInput, Switch, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.layer.css';
import '@mantine/core/styles/Switch.layer.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { patch } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { queryClient, serverSettingsQuery } from '../../api/queries';
import type { ServerFacts, ServerSetting, ServerSettings } from '../../api/types';
import { bytes, number } from '../../app/format';
import { separators } from '../../app/formats';
import { type Key, t, tMaybe } from '../../app/t';
import { Confirm } from '../../design/later';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { AdminFrame } from './frame';

type Values = Record<string, number | boolean | string>;

const GROUPS: Record<string, string[]> = {
  accounts: ['contact', 'registration_open', 'starting_tokens', 'password_length'],
  prices: ['price_train', 'price_predict', 'price_tune', 'price_batch'],
  guests: ['guest_access', 'guest_daily_calls'],
  limits: ['upload_bytes', 'stored_answer_bytes'],
  retention: ['prediction_days', 'audit_days'],
  rates: ['rate_sign_in', 'rate_reading', 'rate_changes', 'rate_uploads', 'rate_predictions', 'rate_guests'],
};

/** The settings by group, each in the server's order; those no group names come last. */
export function grouped(items: ServerSetting[]): [string, ServerSetting[]][] {
  const known = new Set(Object.values(GROUPS).flat());
  const groups = Object.entries(GROUPS).map(([name, keys]) => [name, items.filter((item) => keys.includes(item.key))] as [string, ServerSetting[]]);
  return [...groups, ['more', items.filter((item) => !known.has(item.key))] as [string, ServerSetting[]]].filter(([, list]) => list.length > 0);
}

export function AdminSettings() {
  const settings = useQuery(serverSettingsQuery);
  return (
    <AdminFrame title={t('admin.settings')} lead={t('adminSettings.lead')}>
      {settings.isPending ? <Skeleton height={520} /> : settings.data ? <><Form items={settings.data.items} /><Server server={settings.data.server} /></> : <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />}
    </AdminFrame>
  );
}

function Form({ items }: { items: ServerSetting[] }) {
  const [changed, setChanged] = useState<Values>({});
  const changes = Object.fromEntries(items.filter((item) => item.key in changed && (item.kind === 'text' || changed[item.key] !== '') && changed[item.key] !== item.value).map((item) => [item.key, changed[item.key]]));
  const count = Object.keys(changes).length;
  const save = useMutation({
    mutationFn: () => patch<ServerSettings>('/admin/settings', changes),
    onSuccess: (body) => {
      setChanged({});
      queryClient.setQueryData(serverSettingsQuery.queryKey, body);
      for (const key of ['settings', 'setup', 'tokens']) void queryClient.invalidateQueries({ queryKey: [key] });
    },
  });
  // Leaving with changes that were not saved asks first.
  const leaving = useBlocker({ shouldBlockFn: () => count > 0, enableBeforeUnload: count > 0, withResolver: true });
  const problem = save.error ? asProblem(save.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (count > 0) save.mutate();
  };
  return (
    <form className="stack" style={{ '--gap': '20px' } as React.CSSProperties} onSubmit={submit}>
      {grouped(items).map(([group, list]) => (
        <Panel key={group} title={t(`adminSettings.group.${group}` as Key)}>
          {list.map((item) => <Field key={item.key} item={item} value={changed[item.key] ?? item.value} problem={problem} onValue={(value) => setChanged((before) => ({ ...before, [item.key]: value }))} />)}
        </Panel>
      ))}
      {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
      <div className="save-bar row">
        <Button type="submit" loading={save.isPending} disabled={count === 0}>{t('adminSettings.save')}</Button>
        <span className="small soft" role="status">{count > 0 ? t('adminSettings.changed', { count }) : save.isSuccess ? t('account.saved') : ''}</span>
        {count > 0 && <Button variant="default" onClick={() => setChanged({})}>{t('adminSettings.undo')}</Button>}
      </div>
      {leaving.status === 'blocked' && (
        <Confirm title={t('adminSettings.leave')} action={t('adminSettings.leaveGo')} onClose={leaving.reset} onConfirm={async () => leaving.proceed()}>
          <p>{t('adminSettings.changed', { count })}</p>
        </Confirm>
      )}
    </form>
  );
}

/** What is set where the server is started, and can only be read here. */
function Server({ server }: { server: ServerFacts }) {
  return (
    <div style={{ marginBlockStart: 20 }}>
      <Panel title={t('adminSettings.server')}>
        <dl className="facts">
          <dt>{t('adminSettings.database')}</dt><dd>{tMaybe(`adminSettings.database.${server.engine}`, server.engine)}</dd>
          <dt>{t('adminSettings.folder')}</dt><dd className="mono">{server.kept_in}</dd>
          <dt>{t('adminSettings.cores')}</dt><dd>{number(server.cores)}</dd>
          <dt>{t('adminSettings.memory')}</dt><dd>{bytes(server.memory_bytes)}</dd>
        </dl>
        <p className="small soft" style={{ marginBlockStart: 12 }}>{t('adminSettings.serverNote')}</p>
      </Panel>
    </div>
  );
}

function shown(item: ServerSetting, value: number | boolean | string): string {
  if (typeof value === 'string') return value || t('adminSettings.nothing');
  if (typeof value === 'boolean') return value ? t('adminSettings.yes') : t('adminSettings.no');
  return item.key.endsWith('_bytes') ? `${number(value)} (${bytes(value)})` : number(value);
}

function Field({ item, value, problem, onValue }: { item: ServerSetting; value: number | boolean | string; problem: Problem | null; onValue: (value: number | boolean | string) => void }) {
  const name = tMaybe(`adminSettings.${item.key}`, item.key.replaceAll('_', ' '));
  const id = `setting-${item.key}`;
  const usual = t('adminSettings.usual', { value: shown(item, item.default) });
  const error = problem?.field(`/${item.key}`);
  return (
    <div className="setting">
      <div className="stack" style={{ '--gap': '2px' } as React.CSSProperties}>
        <label htmlFor={id} style={{ fontWeight: 550 }}>{name}</label>
        <p className="small soft" id={`${id}-doc`}>{item.doc}</p>
      </div>
      <div className="setting-side">
        {item.kind === 'boolean' ? (
          <Switch id={id} aria-describedby={`${id}-doc`} checked={value === true} onChange={(event) => onValue(event.currentTarget.checked)} label={value === true ? t('adminSettings.yes') : t('adminSettings.no')} error={error} />
        ) : item.kind === 'text' ? (
          <TextInput id={id} aria-describedby={`${id}-doc`} value={String(value)} maxLength={item.max ?? undefined} onChange={(event) => onValue(event.currentTarget.value)} error={error} />
        ) : (
          <NumberInput
            id={id} aria-describedby={`${id}-doc`} allowDecimal={false} hideControls {...separators()} min={item.min ?? undefined} max={item.max ?? undefined} clampBehavior="none" value={typeof value === 'number' ? value : ''}
            onChange={(next) => onValue(next === '' ? '' : Number(next))} error={error}
          />
        )}
        <span className="tiny soft">{usual}{item.key.endsWith('_bytes') && typeof value === 'number' ? ` · ${t('adminSettings.now', { value: bytes(value) })}` : ''}</span>
      </div>
    </div>
  );
}
