// A session ran out: sign in over the page, so that what was typed there is kept.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries';
import { forgetSession } from '../../app/session';
import { t } from '../../app/t';
import { LoginForm } from './login';

export function SignInAgain() {
  const me = useQuery({ ...meQuery, enabled: false });
  const leave = () => {
    forgetSession();
    window.location.assign('/login');
  };
  return (
    <Modal opened onClose={leave} title={t('login.again')} centered closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="stack">
        <p className="soft">{t('login.againLead')}</p>
        <LoginForm known={me.data?.email ?? me.data?.user_name ?? ''} then={() => undefined} />
      </div>
    </Modal>
  );
}
