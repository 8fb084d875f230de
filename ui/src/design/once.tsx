// A secret that is shown a single time: to copy now, and gone when this is closed.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '../app/t';

export function Once({ title, lead, secret, label, onClose, children }: { title: string; lead: string; secret: string; label: string; onClose: () => void; children?: ReactNode }) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const top = useRef<HTMLElement>(null);
  useEffect(() => top.current?.focus(), []);
  const copy = () => {
    // Plain http from another machine has no clipboard: the text is selected, for Ctrl C.
    field.current?.select();
    void navigator.clipboard?.writeText(secret).then(() => setCopied(true));
  };
  return (
    <section className="notice engine stack once" ref={top} tabIndex={-1} aria-label={title}>
      <h2>{title}</h2>
      <p>{lead}</p>
      <div className="row">
        <input ref={field} className="mono secret" aria-label={label} value={secret} readOnly onFocus={(event) => event.currentTarget.select()} />
        <Button onClick={copy}>{copied ? t('action.copied') : t('action.copy')}</Button>
      </div>
      {children}
      <div><Button variant="default" onClick={onClose}>{t('once.done')}</Button></div>
    </section>
  );
}
