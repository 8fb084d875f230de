// A new password for somebody who lost theirs: a link with which they choose one, or one that is generated.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { publicAddress } from '../../api/place';
import type { Account, NewPassword, NewPasswordRequest } from '../../api/types';
import { dateTime } from '../../app/format';
import { t } from '../../app/t';
import { Confirm } from '../../design/later';
import { Once } from '../../design/once';
import { ErrorPanel, Panel } from '../../design/parts';

/** The address to hand over. The secret stands behind `#`, which browsers send to no server. */
export function resetAddress(made: Pick<NewPassword, 'page' | 'token'>, origin: string): string {
  const page = made.page ?? '/reset';
  const whole = /^https?:/.test(page) ? page : `${origin}${page}`;
  return whole.includes('#') ? whole : `${whole}#${made.token ?? ''}`;
}

export function NewPasswordPanel({ user }: { user: Account }) {
  const [asking, setAsking] = useState(false);
  const make = useMutation({ mutationFn: (way: NewPasswordRequest['way']) => post<NewPassword>(`/admin/users/${user.id}/password`, { way } satisfies NewPasswordRequest) });
  const made = make.data;
  const close = () => make.reset();
  return (
    <Panel title={t('reset.panel')}>
      <div className="stack">
        {made?.password ? <Once title={t('reset.generated')} lead={t('users.madeLead')} secret={made.password} label={t('users.password')} onClose={close} />
        : made ? <Once title={t('reset.link')} lead={t('reset.linkLead', { until: dateTime(made.expires_at) })} secret={resetAddress(made, publicAddress())} label={t('share.link')} onClose={close} />
        : (
          <>
            <p className="small soft">{t('reset.panelNote')}</p>
            {make.error && <ErrorPanel error={make.error} />}
            <div className="row">
              <Button variant="default" loading={make.isPending} onClick={() => make.mutate('link')}>{t('reset.makeLink')}</Button>
              <Button variant="default" disabled={make.isPending} onClick={() => setAsking(true)}>{t('reset.generate')}</Button>
            </div>
          </>
        )}
      </div>
      {asking && (
        <Confirm title={t('reset.generateTitle')} action={t('reset.generate')} onClose={() => setAsking(false)} onConfirm={async () => { await make.mutateAsync('generate'); setAsking(false); }}>
          <p>{t('reset.generateText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}
