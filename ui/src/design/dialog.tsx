// The frames of dialogs and drawers. Put together from the kit's parts, because its ready-made ones bring a
// second page header for screen readers.
import { Drawer, Modal } from '@mantine/core';
import '@mantine/core/styles/Drawer.layer.css';
import type { ReactNode } from 'react';
import { t } from '../app/t';

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Whether a press beside it closes it; not where something would be lost. */
  closeOutside?: boolean;
}

export function Dialog({ title, onClose, children, closeOutside = true }: Props) {
  return (
    <Modal.Root opened onClose={onClose} centered closeOnClickOutside={closeOutside}>
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head"><Modal.Title>{title}</Modal.Title><Modal.CloseButton aria-label={t('action.close')} size={36} /></div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

export function SidePanel({ title, onClose, children }: Props) {
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg">
      <Drawer.Overlay />
      <Drawer.Content>
        <div className="dialog-head"><Drawer.Title>{title}</Drawer.Title><Drawer.CloseButton aria-label={t('action.close')} size={36} /></div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
