import { useEffect, useRef, useState } from 'react';

/** The width of an element in pixels, so that plots are drawn one to one and text keeps its size. */
export function useWidth<T extends HTMLElement>(initial = 480) {
  const target = useRef<T>(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const element = target.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver((entries) => {
      const measured = entries[0]?.contentRect.width;
      if (measured) setWidth(Math.floor(measured));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [target, width] as const;
}
