// What stands behind a number of the confusion matrix: the test rows of that cell, or their pictures.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Model, Rows } from '../../api/types';
import { t } from '../../app/t';
import { SidePanel } from '../../design/dialog';
import { ErrorPanel, Skeleton } from '../../design/parts';
import { Cells } from '../data/cells';
import { picturesOf, shapeOf } from '../pictures/form';
import { Pictures } from '../pictures/gallery';

const AT_ONCE = 40;

interface Props {
  model: Model;
  really: string;
  answered: string;
  onClose: () => void;
}

export function CellRows({ model, really, answered, onClose }: Props) {
  const [from, setFrom] = useState(0);
  const shape = shapeOf(model);
  const rows = useQuery({
    queryKey: ['cell', model.id, really, answered, from],
    queryFn: () => get<Rows>(`/models/${model.id}/confusion-matrix/rows`, { query: { actual: really, predicted: answered, offset: from, limit: AT_ONCE } }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  const title = really === answered ? t('model.cell.right', { answered }) : t('model.cell.wrong', { really, answered });
  const found = rows.data;
  const gone = rows.error && asProblem(rows.error).code === 'not_ready';
  return (
    <SidePanel title={<bdi>{title}</bdi>} onClose={onClose}>
      {rows.isPending ? <Skeleton height={320} /> : !found ? (gone ? <p className="notice">{t('model.cell.gone')}</p> : <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />) : (
        <div className="stack">
          <p className="soft" role="status">{t(shape ? 'model.cell.leadPictures' : 'model.cell.lead', { count: found.total })}</p>
          {really !== answered && !shape && <p className="small soft"><bdi>{t('model.cell.look', { target: model.target })}</bdi></p>}
          {shape ? <Pictures shown={picturesOf(found, shape)} shape={shape} from={from} /> : <div className="panel flush"><Cells label={title} columns={found.columns} rows={found.rows} from={from} first={model.target} /></div>}
          {found.total > AT_ONCE && (
            <div className="split">
              <span className="small soft num">{t('rows.range', { from: from + 1, to: Math.min(found.total, from + AT_ONCE), total: found.total })}</span>
              <div className="row">
                <Button variant="default" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - AT_ONCE))}>{t('rows.previous')}</Button>
                <Button variant="default" disabled={from + AT_ONCE >= found.total} onClick={() => setFrom(from + AT_ONCE)}>{t('rows.next')}</Button>
              </div>
            </div>
          )}
        </div>
      )}
    </SidePanel>
  );
}
