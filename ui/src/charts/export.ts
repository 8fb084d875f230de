// Takes a plot out of the page: as a drawing with its colours written in, or as the numbers behind it.
export type Table = { head: string[]; rows: (string | number | null)[][] };

export function csv({ head, rows }: Table): string {
  const escape = (value: string | number | null) => {
    const plain = value === null ? '' : String(value);
    // A name that a spreadsheet would run as a formula stays a name.
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) && !Number.isFinite(Number(plain)) ? `'${plain}` : plain;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(escape).join(',')).join('\n') + '\n';
}

const STYLED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor'];

/** The SVG as a file of its own: styles that come from the page are written onto each element. */
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of STYLED) {
      const value = style.getPropertyValue(name);
      if (value) to[index]?.setAttribute(name, value);
    }
    to[index]?.removeAttribute('class');
    to[index]?.removeAttribute('style');
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('style', `background:${getComputedStyle(svg).getPropertyValue('--surface') || '#fff'}`);
  return new XMLSerializer().serializeToString(copy);
}

export function download(name: string, text: string, type: string): void {
  save(name, new Blob([text], { type }));
}

/** Puts a file where the browser keeps what it downloads. */
export function save(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
