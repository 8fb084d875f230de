// Every search for better settings.
import type { Study } from '../../api/types';
import { ago, dateTime, number } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { Button } from '@mantine/core';
import { Chip, Empty, Head, type Tone } from '../../design/parts';
import { metricName } from '../jobs/contenders';
import { exactValue } from '../models/words';

const TONES: Partial<Record<Study['status'], Tone>> = { queued: 'signal', running: 'signal', done: 'signal', saved: 'engine', failed: 'stop' };

export function StudyChip({ status }: { status: Study['status'] }) {
  return <Chip tone={TONES[status] ?? ''}>{t(`study.status.${status}`)}</Chip>;
}

export function StudyList() {
  const go = useGo();
  const mayMake = useMay('make');
  return (
    <>
      <Head title={t('studies.title')} lead={t('studies.lead')} />
      <ListTable<Study>
        path="/studies"
        label={t('studies.title')}
        empty={<Empty action={mayMake && <Button onClick={() => void go('/data')}>{t('models.openData')}</Button>}>{t('studies.empty')}</Empty>}
        head={
          <>
            <th scope="col">{t('table.name')}</th><th scope="col">{t('models.target')}</th><th scope="col">{t('models.algorithm')}</th><th scope="col">{t('studies.method')}</th>
            <th scope="col" className="right">{t('studies.trials')}</th><th scope="col">{t('studies.best')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th>
          </>
        }
        row={(study) => (
          <tr key={study.id} className="hover">
            <th scope="row" className="whole"><Link to={`/studies/${study.id}`} className="few" title={study.name}>{study.name}</Link></th>
            <td data-label={t('models.target')}><span className="few" title={study.target}>{study.target}</span></td>
            <td className="soft">{study.algorithm.replaceAll('_', ' ')}</td>
            <td className="soft">{t(`study.method.${study.method}`)}</td>
            <td className="right" data-label={t('studies.trials')}>{number(study.trials)}</td>
            <td data-label={t('studies.best')}>{study.best ? <><b style={{ fontWeight: 650 }}>{exactValue(study.metric ?? null, study.best.score)}</b> <span className="soft tiny">{metricName(study.metric)}</span></> : '–'}</td>
            <td><StudyChip status={study.status} /></td>
            <td className="soft" title={dateTime(study.created_at)}>{ago(study.created_at)}</td>
          </tr>
        )}
      />
    </>
  );
}
