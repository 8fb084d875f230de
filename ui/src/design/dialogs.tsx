// The two questions asked before something changes for good: a new name, and whether to delete.
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { asProblem } from '../api/problem';
import { t } from '../app/t';
import { Dialog } from './dialog';
import { ErrorPanel } from './parts';

/** Asks for a yes. The button that deletes says so; closing is always the safe way out. */
export function Confirm({ title, children, action, onConfirm, onClose }: { title: string; children: ReactNode; action: string; onConfirm: () => Promise<unknown>; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = () => {
    setBusy(true);
    setError(null);
    onConfirm().catch((reason: unknown) => {
      setError(reason);
      setBusy(false);
    });
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <div className="stack">
        <div>{children}</div>
        {error !== null && <ErrorPanel error={error} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose} data-autofocus>{t('action.cancel')}</Button>
          <Button color="stop" loading={busy} onClick={confirm}>{action}</Button>
        </div>
      </div>
    </Dialog>
  );
}

export function Rename({ title, label, name, onRename, onClose }: { title: string; label: string; name: string; onRename: (name: string) => Promise<unknown>; onClose: () => void }) {
  const [value, setValue] = useState(name);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problem = error === null ? null : asProblem(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    onRename(value.trim()).then(onClose, (reason: unknown) => {
      setError(reason);
      setBusy(false);
    });
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={label} value={value} required maxLength={200} onChange={(event) => setValue(event.currentTarget.value)} error={problem ? (problem.field('/name') ?? problem.message) : undefined} data-autofocus />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" loading={busy}>{t('action.save')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
