// A picture in, an answer out: the two halves of every page that asks about pictures, and what is charged for it.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { usePaid } from '../../api/paid';
import { meQuery, settingsQuery } from '../../api/queries';
import type { GuestPicturePrediction, PicturePrediction } from '../../api/types';
import { hasSession, noteBalance } from '../../app/session';
import { Contact } from '../../app/contact';
import { t } from '../../app/t';
import { ErrorPanel, Panel } from '../../design/parts';
import { bodyOf, type Given, isEmpty, keyOf, NOTHING } from './given';
import { Read } from './read';
import { refusalOf, TakePicture } from './take';
import '../models/try.css';

interface Props {
  /** Where the picture is sent. */
  path: string;
  /** Asked without an account: nobody pays. */
  guest?: boolean;
  drawable?: boolean;
  lead?: string;
  /** Why nothing can be asked just now. */
  blocked?: string | null;
  onError?: (error: unknown) => void;
}

export function AskPicture({ path, guest = false, drawable = true, lead, blocked = null, onError }: Props) {
  const [given, setGiven] = useState<Given>(NOTHING);
  const [asked, setAsked] = useState<string | null>(null);
  const me = useQuery({ ...meQuery, enabled: !guest && hasSession() });
  const settings = useQuery({ ...settingsQuery, enabled: !guest });
  const price = guest ? 0 : (settings.data?.prices.predict ?? 5);
  const balance = me.data?.tokens ?? price;
  const paid = usePaid();
  const read = useMutation({
    mutationFn: (picture: Given) =>
      post<PicturePrediction | GuestPicturePrediction>(`${path}?explain=true`, bodyOf(picture), guest ? { renew: false } : { headers: { 'Idempotency-Key': paid.key(`${path} ${keyOf(picture)}`) } }),
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (answer, picture) => {
      setAsked(keyOf(picture));
      if ('balance' in answer) noteBalance(answer.balance);
    },
    onError,
  });
  const again = () => {
    setGiven(NOTHING);
    setAsked(null);
    read.reset();
  };
  const short = balance < price ? t('try.noTokens', { price, balance }) : null;
  const reason = blocked ?? refusalOf(given) ?? (isEmpty(given) ? t('picture.none') : null) ?? short;
  return (
    <div className="two try">
      <Panel>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            read.mutate(given);
          }}
        >
          {lead && <p className="soft small">{lead}</p>}
          <TakePicture given={given} onGiven={setGiven} drawable={drawable} />
          <div className="row">
            <Button type="submit" size="md" loading={read.isPending} disabled={reason !== null}>{price > 0 ? t('picture.go', { price }) : t('picture.goFree')}</Button>
            {reason && <span className="small" style={{ color: refusalOf(given) || short ? 'var(--signal)' : 'var(--soft)' }}>{reason}</span>}
            {short && reason === short && <Contact />}
          </div>
        </form>
      </Panel>
      <div className="answer-side">
        {read.error ? <ErrorPanel error={read.error} /> : null}
        <Read answer={read.data?.prediction} stale={asked !== null && asked !== keyOf(given)} paid={read.data && 'charged' in read.data ? read.data : undefined} ink={drawable} onAgain={again} />
      </div>
    </div>
  );
}
