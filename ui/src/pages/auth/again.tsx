// A session ran out: sign in over the page, so that what was typed there is kept.
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries';
import { toSignIn } from '../../app/session';
import { t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import { LoginForm } from './login';

export function SignInAgain() {
  const me = useQuery({ ...meQuery, enabled: false });
  return (
    <Dialog onClose={toSignIn} title={t('login.again')} closeOutside={false}>
      <div className="stack">
        <p className="soft">{t('login.againLead')}</p>
        <LoginForm known={me.data?.email ?? me.data?.user_name ?? ''} then={() => undefined} />
      </div>
    </Dialog>
  );
}
